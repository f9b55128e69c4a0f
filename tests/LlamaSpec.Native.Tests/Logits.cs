namespace LlamaSpec.Native.Tests;

internal static class Logits
{
    /// <summary>Batches of different sizes take different kernels, so logits differ in the last bits.</summary>
    public const float Noise = 0.05f;

    /// <summary>NaN counts as a difference.</summary>
    public static float LargestDifference(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Assert.That(left.Length, Is.EqualTo(right.Length));
        var largest = 0f;
        for (var i = 0; i < left.Length; i++)
        {
            var difference = Math.Abs(left[i] - right[i]);
            largest = difference <= largest ? largest : difference;
        }

        return largest;
    }
}
