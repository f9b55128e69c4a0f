namespace LlamaSpec.Contracts.Runners;

/// <summary>How far two rows are apart.</summary>
public static class Distance
{
    /// <summary>The largest difference of two values in the same place. NaN counts as infinitely far.</summary>
    public static float Largest(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Assert.That(left.Length, Is.EqualTo(right.Length));
        var largest = 0f;
        for (var i = 0; i < left.Length; i++)
        {
            var difference = Math.Abs(left[i] - right[i]);
            largest = float.IsNaN(difference) ? float.PositiveInfinity : Math.Max(largest, difference);
        }

        return largest;
    }
}
