namespace LlamaSpec.Policies.Auto;

/// <summary>
/// When to draft although it does not seem to pay: text changes, and what is never tried is never learned. Probes are short
/// runs of rounds; they wait for an interval that doubles while they fail, and for an account that tokens fill and their
/// losses empty. The account starts with something, for a pair that nothing is known about.
/// </summary>
internal sealed class ProbeSchedule
{
    /// <summary>Rounds of one probe: catching up with the text is paid once for all of them.</summary>
    public const int RoundsPerProbe = 4;

    /// <summary>Rounds with a draft before a pair is known well enough to be left alone.</summary>
    public const int RoundsToExplore = 16;

    // Intervals of the algorithm notes, section 3; and three quarters of what may be lost at all.
    private const int ShortestInterval = 32;
    private const int LongestInterval = 256;
    private const double EarnedPerToken = 0.015;
    private const double Start = 4;
    private const double Most = 16;

    private double _account = Start;
    private int _interval = ShortestInterval;
    private int _rounds;
    private int _draftingRounds;

    private int RoundsLeftToExplore => RoundsToExplore - _draftingRounds;

    /// <summary>Counts a round.</summary>
    /// <param name="tokens">Tokens that it committed.</param>
    /// <param name="isDrafting">Whether it drafted.</param>
    public void Add(int tokens, bool isDrafting)
    {
        _account = Math.Min(_account + (EarnedPerToken * tokens), Most);
        _rounds += isDrafting ? 0 : 1;
        _draftingRounds = Math.Min(_draftingRounds + (isDrafting ? 1 : 0), RoundsToExplore);
    }

    /// <summary>How many rounds a probe may take now; 0 = none.</summary>
    /// <param name="catchUp">What catching up with the text costs, in rounds of plain decoding.</param>
    /// <param name="lossPerRound">What each round is expected to lose, in the same unit.</param>
    public int TryStart(double catchUp, double lossPerRound)
    {
        var rounds = Math.Max(RoundsPerProbe, RoundsLeftToExplore);
        if ((_rounds < _interval && RoundsLeftToExplore <= 0) || _account < catchUp + (RoundsPerProbe * Math.Max(lossPerRound, 0)))
        {
            return 0;
        }

        _rounds = 0;
        return rounds;
    }

    /// <summary>Takes what a round of a probe has lost against plain decoding, in rounds of it. False = the account is empty: enough of this.</summary>
    public bool TryPay(double loss)
    {
        _account = Math.Min(_account - loss, Most);
        return _account > 0;
    }

    /// <summary>Takes the result of a probe, or of drafting that had to be ended.</summary>
    public void End(bool pays) => _interval = pays ? ShortestInterval : Math.Min(2 * _interval, LongestInterval);

    public void Save(BinaryWriter writer) => writer.Write(_draftingRounds);

    /// <exception cref="InvalidDataException">There cannot have been so many rounds.</exception>
    public void Load(BinaryReader reader)
    {
        _draftingRounds = reader.ReadInt32();
        if (_draftingRounds is < 0 or > RoundsToExplore)
        {
            throw new InvalidDataException($"A number of {_draftingRounds} rounds is not one.");
        }
    }
}
