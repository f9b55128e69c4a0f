using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Native.Tests.Contracts;

[TestFixture]
public sealed class LlamaFullCacheContract() : FullCacheContract(new ShimBackend());
