using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MarkovSequenceContract(bool isTimed) : SequenceContract(new MarkovBackend { IsTimed = isTimed });
