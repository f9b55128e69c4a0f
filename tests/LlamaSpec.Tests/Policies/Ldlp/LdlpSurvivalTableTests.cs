using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

public class LdlpSurvivalTableTests
{
    [Test]
    public void FrequenciesOfABucketAreThoseOfItsPredictions()
    {
        // 1000 predictions near 1, of which one half is accepted for one token; 1000 near 2, all accepted for two.
        float[] predictions = [.. Enumerable.Repeat(1.2f, 1000), .. Enumerable.Repeat(1.8f, 1000)];
        float[] survivals = [.. Enumerable.Range(0, 1000).SelectMany(static i => new[] { i % 2f, 0f }), .. Enumerable.Repeat(1f, 2000)];
        var table = LdlpSurvivalTable.Count(predictions, survivals, 2);
        Assert.That(table.Counts.ToArray(), Is.EqualTo([0, 1000, 1000]));
        Assert.That(table.For(1).ToArray(), Is.EqualTo([0.5f, 0f]).Within(0.01));
        Assert.That(table.For(2.4f).ToArray(), Is.EqualTo([1f, 1f]).Within(0.01));
    }

    [Test]
    public void AnEmptyBucketHasTheFrequenciesOfAll()
    {
        var table = LdlpSurvivalTable.Count([2, 2], [1, 0, 1, 1], 2);
        Assert.That(table.For(0).ToArray(), Is.EqualTo([1f, 0.5f]).Within(1e-6));
    }

    [TestCase(-3f, 0)]
    [TestCase(0.4f, 0)]
    [TestCase(0.6f, 1)]
    [TestCase(99f, 3)]
    public void TheBucketIsTheNearestLength(float prediction, int bucket) =>
        Assert.That(new LdlpSurvivalTable(3, new float[12], new int[4]).BucketOf(prediction), Is.EqualTo(bucket));
}
