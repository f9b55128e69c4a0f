using LlamaSpec.Contracts.Pairs;

namespace LlamaSpec.LLamaSharp.Tests.EndToEnd;

[TestFixture]
public sealed class LLamaSharpGreedyTests() : GreedyPairContract(new LLamaSharpPairUnderTest());
