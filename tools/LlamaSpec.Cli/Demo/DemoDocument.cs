namespace LlamaSpec.Cli.Demo;

/// <summary>What demo --json writes. Other programs read it: names and types are a contract.</summary>
/// <param name="Target">The target's file name.</param>
/// <param name="Draft">The draft's file name.</param>
/// <param name="Results">One for each temperature and policy.</param>
internal sealed record DemoDocument(string Target, string Draft, IReadOnlyList<DemoResult> Results);
