using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MarkovDecodeContract(bool isTimed) : DecodeContract(new MarkovBackend { IsTimed = isTimed });
