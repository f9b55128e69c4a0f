namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Measures a table on texts that it was not trained on.</summary>
public static class TrigramEvaluation
{
    /// <summary>Foretells each token of each text from those before it, as a request that commits one token a round would.</summary>
    /// <param name="table">The table; null = the text's own tri-grams only.</param>
    /// <param name="texts">Tokens; each text is a request of its own.</param>
    /// <param name="overlay">How a text's own tri-grams count; null = the defaults.</param>
    public static TrigramFigures Measure(TrigramTable? table, IEnumerable<int[]> texts, TrigramOverlayOptions? overlay = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var seen = new TrigramOverlay(overlay);
        var candidates = new TrigramCandidates(table, seen);
        var figures = default(TrigramFigures);
        foreach (var text in texts)
        {
            seen.Clear();
            for (var i = 2; i < text.Length; i++)
            {
                seen.Observe(text.AsSpan(0, i));
                candidates.Fill(text[i - 2], text[i - 1]);
                var place = candidates.Tokens.IndexOf(text[i]);
                figures = new TrigramFigures(
                    figures.TokenCount + 1, figures.FirstCount + (place == 0 ? 1 : 0), figures.ListedCount + (place >= 0 ? 1 : 0));
            }
        }

        return figures;
    }
}
