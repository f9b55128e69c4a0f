using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

/// <summary>Tables of small texts.</summary>
internal static class Trigrams
{
    public static TrigramTable Table(params string[] texts) => Table(new TrigramTrainingOptions(), texts);

    public static TrigramTable Table(TrigramTrainingOptions options, params string[] texts)
    {
        var trainer = new TrigramTrainer(Texts.Vocabulary, options);
        foreach (var text in texts)
        {
            trainer.Add(Texts.Tokens(text));
        }

        return trainer.Build("test");
    }

    /// <summary>A table of a long random text, with many continuations of most pairs.</summary>
    public static TrigramTable Dense(int seed = 1, int letters = 20)
    {
        var random = new Random(seed);
        var trainer = new TrigramTrainer(Texts.Vocabulary);
        trainer.Add([.. Enumerable.Range(0, 20_000).Select(_ => (int)(letters * Math.Pow(random.NextDouble(), 2)))]);
        return trainer.Build("test");
    }

    /// <summary>Continuations of two letters: "c 0.75 d 0.25".</summary>
    public static string Follow(this TrigramTable table, string pair)
    {
        var tokens = Texts.Tokens(pair);
        var found = table.Find(tokens[0], tokens[1]);
        return string.Join(' ', Enumerable.Range(0, found.Tokens.Length).Select(Describe(found.Tokens.ToArray(), found.Weights.ToArray())));

        static Func<int, string> Describe(int[] tokens, float[] weights) => i => FormattableString.Invariant($"{(char)('a' + tokens[i])} {weights[i]:0.###}");
    }

    public static byte[] Save(this TrigramTable table)
    {
        using var stream = new MemoryStream();
        table.Save(stream);
        return stream.ToArray();
    }
}
