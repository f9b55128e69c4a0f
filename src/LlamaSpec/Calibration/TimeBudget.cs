namespace LlamaSpec.Calibration;

/// <summary>How much time is left, from its creation on.</summary>
internal sealed class TimeBudget(TimeProvider time, TimeSpan limit)
{
    private readonly long _start = time.GetTimestamp();

    public double LeftMilliseconds => (limit - time.GetElapsedTime(_start)).TotalMilliseconds;

    public bool IsSpent => LeftMilliseconds <= 0;

    /// <summary>Whether something of that length would end in time.</summary>
    public bool Affords(double milliseconds) => LeftMilliseconds > milliseconds;

    /// <summary>A part of what is left.</summary>
    public TimeBudget Share(double fraction) => new(time, TimeSpan.FromMilliseconds(Math.Max(0, fraction * LeftMilliseconds)));
}
