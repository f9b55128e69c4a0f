using LlamaSpec.Contracts.Tokenizers;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Contracts;

[TestFixture]
public sealed class CharacterTokenizerContract() : TokenizerContract(new CharacterTokenizer(26, hasEnd: true));
