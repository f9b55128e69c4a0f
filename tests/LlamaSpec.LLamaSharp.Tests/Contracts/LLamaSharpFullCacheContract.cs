using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LLamaSharpFullCacheContract(bool isHandedOver) : FullCacheContract(new LLamaSharpBackend(isHandedOver));
