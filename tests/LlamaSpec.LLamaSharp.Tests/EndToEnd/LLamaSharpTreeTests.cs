using LlamaSpec.Contracts.Pairs;

namespace LlamaSpec.LLamaSharp.Tests.EndToEnd;

[TestFixture]
public sealed class LLamaSharpTreeTests() : TreePairContract(new LLamaSharpPairUnderTest());
