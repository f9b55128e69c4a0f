using System.Numerics.Tensors;
using LlamaSpec.Measuring.WideModels;

namespace LlamaSpec.Benchmarks.Rows;

/// <summary>Adds up how far one way of computing a model is from another, over the tokens of a text.</summary>
internal sealed class Fidelity
{
    private double _expectedLoss;
    private double _actualLoss;
    private double _difference;
    private double _agreement;
    private double _clearAgreement;
    private long _predictions;
    private double _textLoss;
    private long _textPredictions;
    private readonly List<(double Loss, long Predictions)> _texts = [];

    /// <summary>Rows compared.</summary>
    public long RowCount { get; private set; }

    /// <summary>Largest absolute difference of two logits.</summary>
    public float Maximum { get; private set; }

    /// <summary>Mean absolute difference of two logits.</summary>
    public double Mean => _difference / RowCount;

    /// <summary>Share of the rows in which both prefer the same token.</summary>
    public double ArgmaxAgreement => _agreement / RowCount;

    /// <summary>The same, bar near-ties of the first.</summary>
    public double ClearAgreement => _clearAgreement / RowCount;

    /// <summary>exp of the mean negative log-likelihood of the text, the first way.</summary>
    public double ExpectedPerplexity => Math.Exp(_expectedLoss / _predictions);

    /// <summary>The same, the second way.</summary>
    public double ActualPerplexity => Math.Exp(_actualLoss / _predictions);

    /// <summary>Actual perplexity over expected, less one.</summary>
    public double PerplexityChange => (ActualPerplexity / ExpectedPerplexity) - 1;

    /// <summary>Half of the 95 % interval of <see cref="PerplexityChange"/>, from the texts as independent samples (ratio estimator).</summary>
    public double PerplexityChangeMargin
    {
        get
        {
            var mean = (_actualLoss - _expectedLoss) / _predictions;
            var squares = _texts.Sum(text => Math.Pow(text.Loss - (mean * text.Predictions), 2));
            return 1.96 * Math.Sqrt(squares * _texts.Count / Math.Max(1, _texts.Count - 1)) / _predictions;
        }
    }

    /// <summary>Adds the rows of one decode.</summary>
    /// <param name="expected">Logits the first way, row after row.</param>
    /// <param name="actual">Logits the second way.</param>
    /// <param name="next">The token that follows each row in the text; -1 = none.</param>
    public void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, ReadOnlySpan<int> next)
    {
        var columnCount = expected.Length / next.Length;
        var difference = LogitDifference.Between(expected, actual, columnCount);
        RowCount += next.Length;
        Maximum = Math.Max(Maximum, difference.Maximum);
        _difference += difference.Mean * next.Length;
        _agreement += difference.ArgmaxAgreement * next.Length;
        _clearAgreement += difference.ClearAgreement * next.Length;
        for (var row = 0; row < next.Length; row++)
        {
            if (next[row] >= 0)
            {
                var (before, after) = (Loss(expected.Slice(row * columnCount, columnCount), next[row]), Loss(actual.Slice(row * columnCount, columnCount), next[row]));
                _expectedLoss += before;
                _actualLoss += after;
                _textLoss += after - before;
                _predictions++;
                _textPredictions++;
            }
        }
    }

    /// <summary>Says that the next rows are of another text.</summary>
    public void EndText()
    {
        _texts.Add((_textLoss, _textPredictions));
        (_textLoss, _textPredictions) = (0, 0);
    }

    private static double Loss(ReadOnlySpan<float> logits, int token)
    {
        var maximum = TensorPrimitives.Max(logits);
        var sum = 0d;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - maximum);
        }

        return Math.Log(sum) + maximum - logits[token];
    }
}
