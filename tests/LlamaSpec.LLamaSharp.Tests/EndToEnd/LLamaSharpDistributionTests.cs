using LlamaSpec.Contracts.Pairs;

namespace LlamaSpec.LLamaSharp.Tests.EndToEnd;

[TestFixture]
public sealed class LLamaSharpDistributionTests() : PairDistributionContract(new LLamaSharpPairUnderTest());
