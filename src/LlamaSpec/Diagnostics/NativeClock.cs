namespace LlamaSpec.Diagnostics;

/// <summary>Adds up the time spent in native calls. Used by the engine thread alone.</summary>
/// <param name="time">Source of timestamps.</param>
public sealed class NativeClock(TimeProvider time)
{
    /// <summary>Timestamp units spent in native calls so far.</summary>
    public long Elapsed { get; private set; }

    /// <summary>Reads the clock before a native call.</summary>
    public long Start() => time.GetTimestamp();

    /// <summary>Adds the time since <paramref name="start"/>.</summary>
    public void Stop(long start) => Elapsed += time.GetTimestamp() - start;
}
