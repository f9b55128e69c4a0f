using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MarkovFullCacheContract(bool isTimed) : FullCacheContract(new MarkovBackend { IsTimed = isTimed });
