using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LLamaSharpHiddenRowContract(bool isHandedOver) : HiddenRowContract(new LLamaSharpBackend(isHandedOver));
