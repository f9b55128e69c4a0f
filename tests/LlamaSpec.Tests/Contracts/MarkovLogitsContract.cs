using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MarkovLogitsContract(bool isTimed) : LogitsContract(new MarkovBackend { IsTimed = isTimed });
