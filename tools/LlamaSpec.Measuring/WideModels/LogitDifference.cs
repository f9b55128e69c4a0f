using System.Diagnostics;
using System.Numerics.Tensors;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>How far the logits of a model are from those of another, the original.</summary>
/// <param name="RowCount">Rows compared.</param>
/// <param name="Maximum">Largest absolute difference of two logits; infinite when one is no number.</param>
/// <param name="Mean">Mean absolute difference; no number when a logit is none.</param>
/// <param name="ArgmaxAgreement">Share of the rows in which both prefer the same token.</param>
/// <param name="ClearAgreement">The same, where rows count as agreeing whose two favourites are a near-tie for the original.</param>
internal readonly record struct LogitDifference(int RowCount, float Maximum, double Mean, double ArgmaxAgreement, double ClearAgreement)
{
    /// <summary>Logits closer than this are a near-tie: the bound of docs/decisions.md for 4-bit targets.</summary>
    public const float NearTieGap = 0.5f;

    /// <summary>Compares two matrices, row by row.</summary>
    public static LogitDifference Between(ReadOnlySpan<float> original, ReadOnlySpan<float> other, int columnCount)
    {
        Debug.Assert(original.Length == other.Length && original.Length % columnCount == 0, "The matrices have the same shape.");
        var rowCount = original.Length / columnCount;
        var (maximum, sum, same, clear) = (0f, 0d, 0, 0);
        for (var start = 0; start < original.Length; start += columnCount)
        {
            var expected = original.Slice(start, columnCount);
            var actual = other.Slice(start, columnCount);
            for (var i = 0; i < columnCount; i++)
            {
                var difference = Math.Abs(expected[i] - actual[i]);
                sum += difference;
                if (!(difference <= maximum))
                {
                    maximum = float.IsNaN(difference) ? float.PositiveInfinity : difference;
                }
            }

            var (favourite, otherFavourite) = (TensorPrimitives.IndexOfMax(expected), TensorPrimitives.IndexOfMax(actual));
            same += favourite == otherFavourite ? 1 : 0;
            clear += favourite == otherFavourite || expected[favourite] - expected[otherFavourite] < NearTieGap ? 1 : 0;
        }

        return new LogitDifference(rowCount, maximum, sum / original.Length, (double)same / rowCount, (double)clear / rowCount);
    }
}
