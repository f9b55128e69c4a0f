using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LLamaSharpDecodeContract(bool isHandedOver) : DecodeContract(new LLamaSharpBackend(isHandedOver));
