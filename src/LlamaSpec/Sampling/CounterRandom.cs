namespace LlamaSpec.Sampling;

/// <summary>What a random number is for. Draws with different purposes are independent.</summary>
public enum DrawPurpose
{
    /// <summary>Choosing a drafted token.</summary>
    Draft,

    /// <summary>Testing whether a drafted token is accepted.</summary>
    Accept,

    /// <summary>Choosing the correction or bonus token.</summary>
    Next,
}

/// <summary>
/// Counter-based random numbers (Philox 4x32-10; Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011):
/// a pure function of seed, round, node and purpose. A run can be replayed from any round, and the order in which
/// requests are served does not matter.
/// </summary>
public static class CounterRandom
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    /// <param name="seed">Seed of the request.</param>
    /// <param name="round">Round of the request, from 0.</param>
    /// <param name="node">Position in the draft, from 0.</param>
    /// <param name="purpose">What the number is for.</param>
    public static double Uniform(ulong seed, long round, int node, DrawPurpose purpose)
    {
        var counter = new Counter((uint)round, (uint)(round >> 32), (uint)node, (uint)purpose);
        var (high, low) = Philox(counter, (uint)seed, (uint)(seed >> 32));
        return (((ulong)high << 21) ^ (low >> 11)) * (1.0 / (1UL << 53));
    }

    internal static (uint First, uint Second) Philox(Counter counter, uint key0, uint key1)
    {
        var (c0, c1, c2, c3) = counter;
        for (var i = 0; i < 10; i++)
        {
            var product0 = (ulong)Multiplier0 * c0;
            var product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = (
                (uint)(product1 >> 32) ^ c1 ^ key0,
                (uint)product1,
                (uint)(product0 >> 32) ^ c3 ^ key1,
                (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (c0, c1);
    }

    internal readonly record struct Counter(uint C0, uint C1, uint C2, uint C3);
}
