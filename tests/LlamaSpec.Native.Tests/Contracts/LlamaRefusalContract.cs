using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Native.Tests.Contracts;

[TestFixture]
public sealed class LlamaRefusalContract() : RefusalContract(new ShimBackend());
