namespace LlamaSpec.Tests.Calibration;

/// <summary>A clock that only the test moves.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public double Milliseconds => TimeSpan.FromTicks(_ticks).TotalMilliseconds;

    /// <summary>Whoever moved it last: what another one had in the cache is gone.</summary>
    public object? LastUser { get; private set; }

    public override long GetTimestamp() => _ticks;

    public void Advance(double milliseconds, object user)
    {
        _ticks += (long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond);
        LastUser = user;
    }
}
