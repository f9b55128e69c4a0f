using LlamaSpec.Contracts.Runners;

namespace LlamaSpec.LLamaSharp.Tests.Contracts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LLamaSharpLogitsContract(bool isHandedOver) : LogitsContract(new LLamaSharpBackend(isHandedOver));
