using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Native.Tests.Contracts;

[TestFixture]
public sealed class LlamaSequenceContract() : SequenceContract(new ShimBackend());
