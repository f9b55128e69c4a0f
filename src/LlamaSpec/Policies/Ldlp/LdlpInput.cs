using System.Numerics.Tensors;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>Makes the input of the predictor: two rows, each divided by its root mean square, one after the other.</summary>
internal static class LdlpInput
{
    // Far below the mean square of any row of a model: it only keeps a row of zeros from becoming NaN.
    private const float Smallest = 1e-12f;

    /// <summary>Writes both rows to <paramref name="input"/>.</summary>
    public static void Write(ReadOnlySpan<float> embedding, ReadOnlySpan<float> hiddenRow, Span<float> input)
    {
        Normalise(embedding, input[..embedding.Length]);
        Normalise(hiddenRow, input[embedding.Length..]);
    }

    private static void Normalise(ReadOnlySpan<float> row, Span<float> destination)
    {
        var meanSquare = TensorPrimitives.SumOfSquares(row) / row.Length;
        TensorPrimitives.Multiply(row, 1 / MathF.Sqrt(meanSquare + Smallest), destination);
    }
}
