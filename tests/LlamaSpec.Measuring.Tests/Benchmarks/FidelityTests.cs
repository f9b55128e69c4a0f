using LlamaSpec.Benchmarks.Rows;

namespace LlamaSpec.Measuring.Tests.Benchmarks;

public sealed class FidelityTests
{
    // Two tokens; a logit difference of d gives the first one the probability 1 / (1 + exp(-d)).
    [Test]
    public void PerplexityIsThatOfTheTokensThatFollow()
    {
        var fidelity = new Fidelity();
        fidelity.Add([0f, 0f, 0f, 0f], [MathF.Log(3), 0f, 0f, 0f], [0, -1]);
        fidelity.EndText();

        Assert.That(fidelity.ExpectedPerplexity, Is.EqualTo(2).Within(1e-6));
        Assert.That(fidelity.ActualPerplexity, Is.EqualTo(4.0 / 3).Within(1e-6));
        Assert.That(fidelity.PerplexityChange, Is.EqualTo(-1.0 / 3).Within(1e-6));
        Assert.That(fidelity.PerplexityChangeMargin, Is.Zero.Within(1e-9));
    }

    [Test]
    public void DifferencesAreThoseOfAllRows()
    {
        var fidelity = new Fidelity();
        fidelity.Add([5f, 0f], [5f, 0f], [0]);
        fidelity.Add([5f, 0f, 0f, 5f], [0f, 1f, 0f, 5f], [0, 1]);
        fidelity.EndText();

        Assert.That(fidelity.RowCount, Is.EqualTo(3));
        Assert.That(fidelity.Maximum, Is.EqualTo(5f));
        Assert.That(fidelity.Mean, Is.EqualTo(1.0).Within(1e-6));
        Assert.That(fidelity.ArgmaxAgreement, Is.EqualTo(2.0 / 3).Within(1e-6));
    }

    [Test]
    public void TextsThatDisagreeWidenTheInterval()
    {
        var fidelity = new Fidelity();
        foreach (var shift in (float[])[1f, -1f])
        {
            fidelity.Add([0f, 0f], [shift, 0f], [0]);
            fidelity.EndText();
        }

        // Losses log(1 + exp(-d)) - log 2 of d = 1 and -1: 1 apart, so 1.96 * sqrt(2 * (0.5^2) * 2) / 2.
        Assert.That(fidelity.PerplexityChangeMargin, Is.EqualTo(0.98).Within(1e-6));
    }
}
