namespace LlamaSpec.Calibration;

/// <summary>Counts the parts of a calibration for whoever watches.</summary>
internal sealed class CalibrationMeter(IProgress<CalibrationProgress>? progress, int total)
{
    private string _what = string.Empty;
    private int _done;

    /// <summary>Begins something, at a part that is known beforehand: what there was no time for is skipped.</summary>
    public void Begin(string what, int done)
    {
        _what = what;
        _done = done;
        Report();
    }

    public void Advance()
    {
        _done++;
        Report();
    }

    private void Report() => progress?.Report(new CalibrationProgress(_what, Math.Min(_done, total), total));
}
