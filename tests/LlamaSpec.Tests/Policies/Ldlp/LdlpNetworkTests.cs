using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

public class LdlpNetworkTests
{
    private static readonly LdlpWeights Weights = LdlpTrainer.Train(SyntheticSamples.Rule(300), SyntheticSamples.Origin, SyntheticSamples.Quick);

    [Test]
    public void ThePredictionDoesNotDependOnTheLengthOfARow()
    {
        var network = new LdlpNetwork(Weights);
        var random = new Random(2);
        var (embedding, hiddenRow) = (SyntheticSamples.Row(random), SyntheticSamples.Row(random));
        var longer = Array.ConvertAll(hiddenRow, static value => value * 50);
        Assert.That(network.Predict(embedding, longer), Is.EqualTo(network.Predict(embedding, hiddenRow)).Within(1e-4));
    }

    [Test]
    public void ThePredictionStaysInItsRange()
    {
        var network = new LdlpNetwork(Weights);
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            Assert.That(network.Predict(SyntheticSamples.Row(random), SyntheticSamples.Row(random)), Is.InRange(0, SyntheticSamples.LongestLength));
        }
    }

    [Test]
    public void BrokenRowsGiveNoLength()
    {
        var network = new LdlpNetwork(Weights);
        var row = SyntheticSamples.Row(new Random(4));
        var broken = (float[])row.Clone();
        broken[3] = float.NaN;
        Assert.That(network.Predict(row, broken), Is.Zero);
        Assert.That(float.IsFinite(network.Predict(new float[row.Length], new float[row.Length])), Is.True);
        Assert.That(() => network.Predict(row, row.AsSpan(1)), Throws.ArgumentException.With.Message.Contains("12 values"));
    }

    [Test]
    public void APredictionAllocatesNothing()
    {
        var network = new LdlpNetwork(Weights);
        var row = SyntheticSamples.Row(new Random(5));
        network.Predict(row, row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        network.Predict(row, row);
        Weights.Survival.For(2.4f);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
