using LlamaSpec.Contracts.Pairs;

namespace LlamaSpec.Native.Tests.EndToEnd;

[TestFixture]
public sealed class EmbeddedPairTreeCacheTests() : TreeCacheContract(new LlamaPair());
