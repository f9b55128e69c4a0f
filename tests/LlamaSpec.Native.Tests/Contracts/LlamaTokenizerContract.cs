using LlamaSpec.Contracts.Tokenizers;

namespace LlamaSpec.Native.Tests.Contracts;

[TestFixture]
public sealed class LlamaTokenizerContract() : TokenizerContract(EmbeddedModels.Target.Tokenizer);
