using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Native.Tests.Contracts;

[TestFixture]
public sealed class LlamaLogitsContract() : LogitsContract(new ShimBackend());
