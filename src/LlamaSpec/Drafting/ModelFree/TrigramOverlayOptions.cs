namespace LlamaSpec.Drafting.ModelFree;

/// <summary>How the tri-grams of a request's own text are weighed. The defaults are those of ADED (arXiv 2407.12021).</summary>
public sealed record TrigramOverlayOptions
{
    /// <summary>Last tokens of the text whose tri-grams gain weight each round. Default 16, range 3 to 1024.</summary>
    public int ContextLength { get; init; } = 16;

    /// <summary>Weight that each of them gains. Default 0.04, range 0.0001 to 1.</summary>
    public float Increment { get; init; } = 0.04f;

    /// <summary>Most weight of a continuation, table and request together. Default 3, range 0.01 to 100.</summary>
    public float MaximumWeight { get; init; } = 3;

    /// <summary>
    /// Most tri-grams remembered; then the half that was seen first is forgotten. Default 8,192, range 16 to 16,777,216. Memory is
    /// about 30 bytes each.
    /// </summary>
    public int MaximumTrigrams { get; init; } = 8_192;

    /// <summary>Throws when a value is out of range.</summary>
    /// <exception cref="ArgumentException">The message names the value and the range.</exception>
    public void Validate()
    {
        Check.Range(ContextLength, 3, 1024, nameof(ContextLength));
        Check.Range(Increment, 0.0001f, 1, nameof(Increment));
        Check.Range(MaximumWeight, 0.01f, 100, nameof(MaximumWeight));
        Check.Range(MaximumTrigrams, 16, 1 << 24, nameof(MaximumTrigrams));
    }
}
