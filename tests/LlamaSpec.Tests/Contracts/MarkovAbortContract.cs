using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MarkovAbortContract(bool isTimed) : AbortContract(new MarkovBackend { IsTimed = isTimed });
