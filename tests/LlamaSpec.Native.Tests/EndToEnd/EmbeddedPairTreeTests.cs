using LlamaSpec.Contracts.Pairs;

namespace LlamaSpec.Native.Tests.EndToEnd;

[TestFixture]
public sealed class EmbeddedPairTreeTests() : TreePairContract(new LlamaPair());
