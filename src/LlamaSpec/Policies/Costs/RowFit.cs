namespace LlamaSpec.Policies.Costs;

/// <summary>
/// Corrects the expected time of decodes by two factors, of their first row and of their further rows: least squares over the
/// steps that were seen, which forget. Where the steps cannot tell the two apart, because they are all alike, one against the other
/// stays as it was known last.
/// </summary>
internal sealed class RowFit
{
    // Fifty steps of memory; at first less.
    private const double Keep = 0.98;
    private const double FirstKeep = 0.8;
    private const int FirstCount = 16;

    // What one step may say, as the logarithm of measured over expected.
    private const double Clip = 0.3;
    private const double FirstClip = 0.7;

    // A few surprises of one kind in a row are the new price.
    private const int MostSurprises = 3;

    // In steps: what a calibration counts as, what a guess does, and the pull towards the ratio that is known.
    private const double CalibratedWeight = 8;
    private const double GuessWeight = 0.001;
    private const double Pull = 0.001;

    private const double Largest = 1000;

    private readonly double _startWeight;
    private double _first;
    private double _both;
    private double _further;
    private double _firstTime;
    private double _furtherTime;
    private double _ratio;
    private int _seen;
    private int _surprises;

    public RowFit(bool isCalibrated)
    {
        _startWeight = isCalibrated ? CalibratedWeight : GuessWeight;
        _seen = isCalibrated ? FirstCount : 0;
        Start(1);
    }

    /// <summary>Factor of the first row.</summary>
    public double First { get; private set; }

    /// <summary>Factor of the further rows.</summary>
    public double Further { get; private set; }

    /// <summary>Starts over where both factors are alike.</summary>
    public void Start(double factor)
    {
        (_first, _firstTime) = (_startWeight, _startWeight * factor);
        (_both, _further, _furtherTime, _ratio) = (0, 0, 0, 1);
        First = Further = factor;
    }

    /// <summary>Takes a step.</summary>
    /// <param name="first">Expected time of its decodes if each had one row, before the factors.</param>
    /// <param name="further">Of their further rows.</param>
    /// <param name="milliseconds">What they took, at the pace that the expectations are for.</param>
    public void Add(double first, double further, double milliseconds)
    {
        var isFirst = _seen < FirstCount;
        _seen += isFirst ? 1 : 0;
        var surprise = Math.Log(milliseconds / ((First * first) + (Further * further)));
        var clip = isFirst ? FirstClip : Clip;
        _surprises = Math.Abs(surprise) <= clip ? 0 : Math.Sign(surprise) == Math.Sign(_surprises) ? _surprises + Math.Sign(surprise) : Math.Sign(surprise);
        if (_surprises != 0 && (isFirst || Math.Abs(_surprises) < MostSurprises))
        {
            Scale(Math.Exp(Math.Sign(surprise) * clip * (isFirst ? 1 : 1 - Keep)));
            return;
        }

        var expected = first + further;
        var (x, y, time) = (first / expected, further / expected, milliseconds / expected);
        var keep = isFirst ? FirstKeep : Keep;
        _first = (_first * keep) + (x * x);
        _both = (_both * keep) + (x * y);
        _further = (_further * keep) + (y * y);
        _firstTime = (_firstTime * keep) + (x * time);
        _furtherTime = (_furtherTime * keep) + (y * time);
        Solve();
    }

    // A step that was held up, or a price that is another by far: that moves both factors and says nothing of one against the other.
    private void Scale(double factor)
    {
        First = Math.Clamp(First * factor, 1 / Largest, Largest);
        Further = Math.Min(Further * factor, Largest);
        _firstTime *= factor;
        _furtherTime *= factor;
    }

    private void Solve()
    {
        var (xx, xy, yy) = (_first + (Pull * _ratio * _ratio), _both - (Pull * _ratio), _further + Pull);
        var determinant = (xx * yy) - (xy * xy);
        var first = ((_firstTime * yy) - (_furtherTime * xy)) / determinant;
        var further = ((_furtherTime * xx) - (_firstTime * xy)) / determinant;

        // Neither takes less than nothing: what is left is the other's.
        if (further < 0)
        {
            (first, further) = (_firstTime / _first, 0);
        }
        else if (first < 0)
        {
            (first, further) = (0, _furtherTime / _further);
        }

        First = Math.Clamp(first, 1 / Largest, Largest);
        Further = Math.Clamp(further, 0, Largest);
        _ratio = Math.Min(Further / First, Largest);
    }
}
