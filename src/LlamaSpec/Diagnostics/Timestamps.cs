namespace LlamaSpec.Diagnostics;

/// <summary>Timestamps of a <see cref="TimeProvider"/> as times.</summary>
internal static class Timestamps
{
    /// <summary>A difference of two timestamps in milliseconds, not rounded to the ticks of a <see cref="TimeSpan"/>.</summary>
    public static double Milliseconds(this TimeProvider time, long elapsed) => elapsed * 1000.0 / time.TimestampFrequency;
}
