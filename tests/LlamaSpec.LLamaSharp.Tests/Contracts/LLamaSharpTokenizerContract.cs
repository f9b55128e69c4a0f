using LlamaSpec.Contracts.Tokenizers;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture]
public sealed class LLamaSharpTokenizerContract() : TokenizerContract(new LLamaSharpTokenizer(EmbeddedWeights.Target));
