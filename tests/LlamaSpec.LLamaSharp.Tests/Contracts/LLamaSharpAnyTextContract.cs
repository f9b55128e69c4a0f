using LlamaSpec.Contracts.Tokenizers;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture]
public sealed class LLamaSharpAnyTextContract() : AnyTextContract(new LLamaSharpTokenizer(EmbeddedWeights.Target), "<|im_start|>", "<|im_end|>");
