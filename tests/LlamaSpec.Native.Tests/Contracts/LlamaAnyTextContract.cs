using LlamaSpec.Contracts.Tokenizers;

namespace LlamaSpec.Native.Tests.Contracts;

[TestFixture]
public sealed class LlamaAnyTextContract() : AnyTextContract(EmbeddedModels.Target.Tokenizer, "<|im_start|>", "<|im_end|>");
