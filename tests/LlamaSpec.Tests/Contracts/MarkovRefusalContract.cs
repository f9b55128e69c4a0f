using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MarkovRefusalContract(bool isTimed) : RefusalContract(new MarkovBackend { IsTimed = isTimed });
