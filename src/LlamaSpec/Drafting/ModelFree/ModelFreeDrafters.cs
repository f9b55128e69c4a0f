namespace LlamaSpec.Drafting.ModelFree;

/// <summary>The drafters that need no model, as an engine uses them.</summary>
public static class ModelFreeDrafters
{
    /// <summary>One of each kind, for one request at a time.</summary>
    /// <param name="contextLength">Tokens of prompt and answer together: what they have to remember.</param>
    /// <param name="table">Tri-grams that were counted before; null = those of the request's own text only.</param>
    public static IReadOnlyList<IModelFreeDrafter> Create(int contextLength, TrigramTable? table = null)
    {
        var tokens = Math.Max(contextLength, 32);
        return
        [
            new SuffixAutomatonDrafter(new SuffixAutomatonOptions { MaximumTokens = tokens }),
            new NGramDrafter(new NGramOptions { MaximumTokens = tokens }),
            new TrigramDrafter(table),
        ];
    }
}
