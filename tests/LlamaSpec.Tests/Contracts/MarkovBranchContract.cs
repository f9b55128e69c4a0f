using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MarkovBranchContract(bool isTimed) : BranchContract(new MarkovBackend { IsTimed = isTimed });
