namespace LlamaSpec.Measuring.Systems;

/// <summary>What LlamaSpec's drafters are called.</summary>
internal static class DrafterName
{
    /// <summary>The draft model.</summary>
    public const string Model = "model";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Model, "suffix", "ngram", "trigram", "auto", "none"];
}
