using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LLamaSharpAbortContract(bool isHandedOver) : AbortContract(new LLamaSharpBackend(isHandedOver));
