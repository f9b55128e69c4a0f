namespace LlamaSpec.Policies.Costs;

/// <summary>
/// By what the target's decodes differ from the profile, for each number of rows, relative to each other: learned where one
/// round has another number of rows than the round before, because between the two the machine's pace hardly changes.
/// </summary>
internal sealed class RowCorrections
{
    // A count that was never seen follows its neighbours: half of the way where a calibration knows better, else all of it.
    private const double CalibratedSpread = 0.5;

    private readonly LearnedFactor[] _factors;
    private readonly double _spread;
    private int _lastRows;
    private double _lastRatio;

    public RowCorrections(int count, bool isCalibrated)
    {
        _factors = new LearnedFactor[count];
        _spread = isCalibrated ? CalibratedSpread : 1;
        Array.Fill(_factors, new LearnedFactor(isCalibrated));
    }

    /// <summary>The factor of a number of rows, at least 1.</summary>
    public double this[int rows] => _factors[Math.Min(rows, _factors.Length - 1)].Value;

    /// <summary>Learns from a decode, and returns the logarithm of the pace that it shows.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="ratio">Logarithm of its time over the profile's.</param>
    public double Observe(int rows, double ratio)
    {
        rows = Math.Min(rows, _factors.Length - 1);
        if (_lastRows > 0 && _lastRows != rows)
        {
            var difference = ratio - Math.Log(this[rows]) - (_lastRatio - Math.Log(this[_lastRows]));
            Move(rows, difference);
            Move(_lastRows, -difference);
        }

        (_lastRows, _lastRatio) = (rows, ratio);
        return ratio - Math.Log(this[rows]);
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var factor in _factors)
        {
            factor.Save(writer);
        }
    }

    /// <exception cref="InvalidDataException">A value cannot have been learned.</exception>
    public void Load(BinaryReader reader)
    {
        for (var i = 0; i < _factors.Length; i++)
        {
            _factors[i] = LearnedFactor.Load(reader, _factors[i]);
        }
    }

    private void Move(int rows, double surprise)
    {
        var move = _factors[rows].Move(surprise);
        foreach (var direction in (ReadOnlySpan<int>)[-1, 1])
        {
            var spread = move * _spread;
            for (var i = rows + direction; i > 0 && i < _factors.Length && _factors[i].Seen == 0 && Math.Abs(spread) > 1e-4; i += direction)
            {
                _factors[i].Shift(spread);
                spread *= _spread;
            }
        }
    }
}
