namespace LlamaSpec.Tests.Verification;

/// <summary>Distributions over tiny vocabularies, a different one after every prefix.</summary>
internal static class EnumeratedRows
{
    // 2^-20: residuals of a few such multiples, times 2^20, still fit the 24 bits of a float32.
    private const double Grain = 1 << 20;

    /// <summary>A row for each prefix key, always the same.</summary>
    public static Func<int, double[]> Seeded(int seed, int vocabularySize, Func<Random, int, double[]> row)
    {
        Dictionary<int, double[]> rows = [];
        return key => rows.TryGetValue(key, out var known) ? known : rows[key] = row(new Random((seed * 7919) + key), vocabularySize);
    }

    /// <summary>Multiples of 1/64, zeros among them.</summary>
    public static double[] DyadicRow(Random random, int vocabularySize)
    {
        var row = new double[vocabularySize];
        for (var i = 0; i < 64; i++)
        {
            row[(int)(random.NextDouble() * random.NextDouble() * vocabularySize)] += 1.0 / 64;
        }

        return row;
    }

    /// <summary>Powers of two, in random order: 1/2, 1/4, ... and the last one twice.</summary>
    public static double[] PowerOfTwoRow(Random random, int vocabularySize)
    {
        var row = Enumerable.Range(1, vocabularySize).Select(i => Math.Pow(0.5, Math.Min(i, vocabularySize - 1))).ToArray();
        random.Shuffle(row);
        return row;
    }

    /// <summary>The same over all tokens but one.</summary>
    public static double[] PowerOfTwoRowWithAGap(Random random, int vocabularySize)
    {
        double[] row = [.. PowerOfTwoRow(random, vocabularySize - 1), 0];
        random.Shuffle(row);
        return row;
    }

    /// <summary>Any probabilities that are float32 numbers; they sum to 1 but for rounding.</summary>
    public static double[] ArbitraryRow(Random random, int vocabularySize)
    {
        var row = Enumerable.Range(0, vocabularySize).Select(_ => Math.Pow(random.NextDouble(), 2) + 0.01).ToArray();
        var total = row.Sum();
        return [.. row.Select(weight => (double)(float)(weight / total))];
    }

    /// <summary>
    /// A target's row, in random order a multiple of 1/64, from which the tokens of a proposal may be rejected one after the other
    /// without any residual being rounded to float32.
    /// </summary>
    public static double[] DyadicRowFor(double[] proposal, int rejections, Random random)
    {
        while (true)
        {
            var row = DyadicRow(random, proposal.Length);
            random.Shuffle(row);
            if (StaysDyadic(row, 1, proposal, 1, rejections))
            {
                return row;
            }
        }
    }

    private static bool StaysDyadic(double[] left, double mass, double[] proposal, double proposalMass, int rejections)
    {
        var scale = proposalMass / mass;
        double[] residual = [.. left.Zip(proposal, (p, q) => Math.Max((scale * p) - q, 0))];
        var residualMass = residual.Sum();
        if (rejections == 0 || residualMass == 0)
        {
            return true;
        }

        return IsDyadic(scale) && residual.All(IsDyadic) && Enumerable.Range(0, proposal.Length).Where(token => proposal[token] > 0).All(token =>
        {
            var rest = (double[])proposal.Clone();
            rest[token] = 0;
            return proposalMass == proposal[token] || StaysDyadic(residual, residualMass, rest, proposalMass - proposal[token], rejections - 1);
        });
    }

    private static bool IsDyadic(double value) => value * Grain == Math.Floor(value * Grain);
}
