namespace LlamaSpec.Measuring.Runs;

/// <summary>Who answers when. Pure.</summary>
internal static class SystemOrder
{
    /// <summary>
    /// Indexes of the systems in the order of one question: one place further with each turn, so that none profits from its place.
    /// </summary>
    public static IEnumerable<int> Of(int systemCount, int turn) =>
        Enumerable.Range(0, systemCount).Select(place => (turn + place) % systemCount);
}
