using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LLamaSharpRefusalContract(bool isHandedOver) : RefusalContract(new LLamaSharpBackend(isHandedOver));
