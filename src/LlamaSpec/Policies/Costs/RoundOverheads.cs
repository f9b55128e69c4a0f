namespace LlamaSpec.Policies.Costs;

/// <summary>
/// What a step takes outside draft and target: for a request alone, with and without a draft; for several, what each of them
/// takes, and what each adds that drafts.
/// </summary>
/// <param name="start">What a profile says of a request alone; 0 = nothing was measured.</param>
internal sealed class RoundOverheads(double start)
{
    private const double Weight = 0.1;

    private double _plain = start;
    private double _draft = start;
    private double _eachPlain = start;
    private double _eachDraft;

    /// <summary>Time of a step without drafts.</summary>
    public double Plain(int requests) => requests == 1 ? _plain : requests * _eachPlain;

    /// <summary>What a request adds by drafting.</summary>
    public double OfDraft(int requests) => requests == 1 ? _draft - _plain : _eachDraft;

    /// <summary>Learns from a step.</summary>
    /// <param name="requests">Its requests.</param>
    /// <param name="draftingRequests">Those that drafted.</param>
    /// <param name="milliseconds">What it took outside draft and target.</param>
    /// <param name="verifyMilliseconds">What its decode should have taken: a hundredth of it is what may be added at once.</param>
    public void Observe(int requests, int draftingRequests, double milliseconds, double verifyMilliseconds)
    {
        if (requests == 1)
        {
            Learn(ref draftingRequests > 0 ? ref _draft : ref _plain, milliseconds, verifyMilliseconds);
        }
        else if (draftingRequests == 0)
        {
            Learn(ref _eachPlain, milliseconds / requests, verifyMilliseconds / requests);
        }
        else
        {
            Learn(ref _eachDraft, (milliseconds - Plain(requests)) / draftingRequests, verifyMilliseconds / requests);
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_plain);
        writer.Write(_draft);
    }

    /// <exception cref="InvalidDataException">A value cannot have been learned.</exception>
    public void Load(BinaryReader reader)
    {
        _plain = _eachPlain = Read(reader);
        _draft = Read(reader);
        _eachDraft = Math.Max(0, _draft - _plain);
    }

    private static void Learn(ref double known, double milliseconds, double verifyMilliseconds) =>
        known += Weight * (Math.Clamp(milliseconds, 0, (2 * known) + (0.01 * verifyMilliseconds)) - known);

    private static double Read(BinaryReader reader)
    {
        var value = reader.ReadDouble();
        return value is >= 0 and <= CostProfile.LongestMilliseconds ? value : throw new InvalidDataException($"An overhead of {value} ms is not one.");
    }
}
