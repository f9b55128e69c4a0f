using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>Decodes the same tokens with two models, through llama.cpp, and compares their logits.</summary>
internal static class LogitCheck
{
    private const int MostTokens = 96;

    // From 64 rows on llama.cpp takes another path through its attention, which alone moves the mean logit by up to 0.26. Small batches
    // are where kernels differ by size and type. Between the two, and also the rest of a text, both models go the same way.
    private const int RowsOfOneDecode = 48;

    // Prose, a list, code and figures, so that near-certain and open positions both occur.
    private const string Text = """
        The lighthouse keeper climbed the narrow stairs every evening, lit the lamp and wrote the weather into his book. On clear nights
        he could count the boats: three from the village, two from the island, and one that never came home.

        1. Fill the lamp with oil.
        2. Clean the glass.

        def total(numbers):
            result = 0
            for number in numbers:
                result += number
            return result
        """;

    /// <summary>Compares two models of one vocabulary.</summary>
    /// <param name="originalPath">What the other should agree with.</param>
    /// <param name="otherPath">The model in question.</param>
    /// <param name="threadCount">Threads for both. null = all processors, at most 8.</param>
    /// <param name="cancellationToken">Stops while a model is loaded.</param>
    /// <exception cref="ModelFailureException">A model cannot be loaded, or their vocabularies are of different sizes.</exception>
    public static LogitDifference Compare(string originalPath, string otherPath, int? threadCount, CancellationToken cancellationToken)
    {
        int[] tokens;
        float[] expected;
        using (var original = Load(originalPath, cancellationToken))
        {
            tokens = TokensFor(original);
            expected = Decode(original, tokens, threadCount);
        }

        using var other = Load(otherPath, cancellationToken);
        var columnCount = expected.Length / tokens.Length;
        if (other.Info.VocabularySize != columnCount)
        {
            throw new ModelFailureException(
                $"{originalPath} has {columnCount} tokens and {otherPath} has {other.Info.VocabularySize}: they are not one model.");
        }

        return LogitDifference.Between(expected, Decode(other, tokens, threadCount), columnCount);
    }

    private static LlamaModel Load(string path, CancellationToken cancellationToken) =>
        LlamaModel.Load(path, new LlamaModelOptions { GpuLayerCount = 0 }, progress: null, cancellationToken);

    // A trimmed draft has no tokenizer; any of its tokens will do.
    private static int[] TokensFor(LlamaModel model) => model.HasVocabulary
        ? [.. model.Tokenizer.Encode(Text, addSpecial: true, parseSpecial: false).Take(MostTokens)]
        : [.. Enumerable.Range(1, MostTokens).Select(i => i * 7919 % model.Info.VocabularySize)];

    private static float[] Decode(LlamaModel model, int[] tokens, int? threadCount)
    {
        using var text = new TextLogits(model, MostTokens, RowsOfOneDecode, threadCount, FastRows.Off, flashAttention: null);
        var logits = new float[tokens.Length * model.Info.VocabularySize];
        var left = logits.AsSpan();
        for (var start = 0; start < tokens.Length; start += RowsOfOneDecode)
        {
            var rows = text.Decode(tokens.AsSpan(start, Math.Min(RowsOfOneDecode, tokens.Length - start)), start);
            rows.CopyTo(left);
            left = left[rows.Length..];
        }

        return logits;
    }
}
