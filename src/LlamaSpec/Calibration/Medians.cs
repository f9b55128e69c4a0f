namespace LlamaSpec.Calibration;

/// <summary>Times by what was timed. The median of each: one noisy moment must not move it.</summary>
internal sealed class Medians
{
    private readonly SortedDictionary<int, List<double>> _samples = [];

    /// <summary>What was timed, ascending.</summary>
    public IReadOnlyCollection<int> Keys => _samples.Keys;

    public void Add(int key, double milliseconds)
    {
        if (!_samples.TryGetValue(key, out var samples))
        {
            _samples[key] = samples = [];
        }

        samples.Add(milliseconds);
    }

    public bool Has(int key) => _samples.ContainsKey(key);

    public void Clear() => _samples.Clear();

    /// <summary>The median of what was timed under that key.</summary>
    public double this[int key]
    {
        get
        {
            var sorted = _samples[key].Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}
