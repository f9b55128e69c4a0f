using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MarkovHiddenRowContract(bool isTimed) : HiddenRowContract(new MarkovBackend { IsTimed = isTimed });
