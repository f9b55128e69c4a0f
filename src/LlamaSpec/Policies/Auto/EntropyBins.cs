namespace LlamaSpec.Policies.Auto;

/// <summary>Bins of the square root of an entropy: the acceptance probability falls about linearly with it (AdaEDL's bound).</summary>
internal static class EntropyBins
{
    /// <summary>Number of bins.</summary>
    public const int Count = 8;

    // Finer where drafts are decided: below a square root of 1 nat.
    private static readonly double[] UpperEdges = [0.1, 0.25, 0.45, 0.7, 1.0, 1.4, 1.9];

    // The middle of each bin, for the prior.
    private static readonly double[] Centres = [0.05, 0.17, 0.35, 0.57, 0.85, 1.2, 1.65, 2.2];

    /// <summary>The bin of an entropy in nats.</summary>
    public static int Of(double entropy)
    {
        var root = Math.Sqrt(Math.Max(entropy, 0));
        var bin = 0;
        while (bin < UpperEdges.Length && root > UpperEdges[bin])
        {
            bin++;
        }

        return bin;
    }

    /// <summary>AdaEDL's estimate of the acceptance probability in the middle of a bin.</summary>
    public static double Bound(int bin) => AdaEdlPolicy.AcceptanceBound(Centres[bin] * Centres[bin]);
}
