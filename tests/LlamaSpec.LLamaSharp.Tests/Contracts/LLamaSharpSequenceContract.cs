using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LLamaSharpSequenceContract(bool isHandedOver) : SequenceContract(new LLamaSharpBackend(isHandedOver));
