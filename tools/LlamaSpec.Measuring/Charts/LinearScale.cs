using System.Globalization;

namespace LlamaSpec.Measuring.Charts;

/// <summary>Places values along an axis, and finds round numbers to write beside it. Pure.</summary>
internal sealed class LinearScale
{
    private readonly double _step;
    private readonly double _start;
    private readonly double _end;

    /// <param name="values">What must find place; what is no finite number is left out, and nothing at all gives 0 to 1.</param>
    /// <param name="start">Pixel of the smallest value.</param>
    /// <param name="end">Pixel of the largest; may be less than the start.</param>
    /// <param name="tickCount">About how many round numbers. Default 6.</param>
    public LinearScale(IEnumerable<double> values, double start, double end, int tickCount = 6)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        var (low, high) = finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());
        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high)))
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        _step = RoundStep((high - low) / tickCount);
        Low = Math.Floor((low / _step) + 1e-9) * _step;
        High = Math.Ceiling((high / _step) - 1e-9) * _step;
        (_start, _end) = (start, end);
    }

    /// <summary>The value at the start: a round number.</summary>
    public double Low { get; }

    /// <summary>The value at the end: a round number.</summary>
    public double High { get; }

    /// <summary>The round numbers, both ends included.</summary>
    public IEnumerable<double> Ticks => Enumerable.Range(0, (int)Math.Round((High - Low) / _step) + 1).Select(i => Low + (i * _step));

    /// <summary>The pixel of a value.</summary>
    public double Place(double value) => _start + ((value - Low) / (High - Low) * (_end - _start));

    /// <summary>A round number as text, with as many digits as its neighbours need.</summary>
    public string Label(double tick)
    {
        var digits = Math.Clamp((int)Math.Ceiling(-Math.Log10(_step) - 1e-9), 0, 12);

        // Rounded first: no "-0".
        return (Math.Round(tick, digits) + 0.0).ToString($"F{digits}", CultureInfo.InvariantCulture);
    }

    // 1, 2 or 5 times a power of ten, not below the step asked for.
    private static double RoundStep(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return (step / power) switch
        {
            <= 1.0000001 => power,
            <= 2.0000001 => 2 * power,
            <= 5.0000001 => 5 * power,
            _ => 10 * power,
        };
    }
}
