using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.Native.Tests.Contracts;

[TestFixture]
public sealed class LlamaHiddenRowContract() : HiddenRowContract(new ShimBackend());
