namespace LlamaSpec.Policies.Costs;

/// <summary>
/// When plain decoding is to be timed again, for each number of requests at once: what everything is compared with must be known.
/// Without a profile often at first, at intervals that double with every second look.
/// </summary>
/// <param name="isCalibrated">Whether plain decoding was measured before.</param>
internal sealed class PlainLooks(bool isCalibrated)
{
    // Numbers of requests with a schedule of their own.
    private const int MostRequests = 64;

    private const int LongestInterval = 256;
    private const int MostDoublings = 8;
    private const int LooksPerDoubling = 2;

    private readonly int[] _looks = Create(isCalibrated ? LooksPerDoubling * MostDoublings : 0);
    private readonly int[] _stepsSince = Create(0);

    /// <summary>Whether the next step of so many requests should be a plain one.</summary>
    public bool IsDue(int requests) => _looks[At(requests)] == 0 || _stepsSince[At(requests)] >= 1 << (_looks[At(requests)] / LooksPerDoubling);

    /// <summary>Counts a step.</summary>
    /// <param name="requests">Its requests.</param>
    /// <param name="isLook">Whether it was a plain one, or as plain as its requests allow.</param>
    public void Add(int requests, bool isLook)
    {
        var at = At(requests);
        _looks[at] = Math.Min(_looks[at] + (isLook ? 1 : 0), LooksPerDoubling * MostDoublings);
        _stepsSince[at] = isLook ? 0 : Math.Min(_stepsSince[at] + 1, LongestInterval);
    }

    private static int At(int requests) => Math.Clamp(requests, 1, MostRequests);

    private static int[] Create(int value)
    {
        var values = new int[MostRequests + 1];
        Array.Fill(values, value);
        return values;
    }
}
