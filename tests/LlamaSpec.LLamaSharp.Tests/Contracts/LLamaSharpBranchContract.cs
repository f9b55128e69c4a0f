using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LLamaSharpBranchContract(bool isHandedOver) : BranchContract(new LLamaSharpBackend(isHandedOver));
