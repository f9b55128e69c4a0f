using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class DecayedMeanTests
{
    [Test]
    public void WithoutObservationsItIsThePrior() => Assert.That(default(DecayedMean).Estimate(0.3, 4), Is.EqualTo(0.3).Within(1e-15));

    [Test]
    public void ObservationsWeighAgainstThePrior()
    {
        var mean = default(DecayedMean);
        mean.Add(1, 1);
        mean.Add(0, 1);
        mean.Add(1, 1);

        // Two of three, and a half that counts as one.
        Assert.That(mean.Estimate(0.5, 1), Is.EqualTo(2.5 / 4).Within(1e-15));
        Assert.That(mean.Weight, Is.EqualTo(3));
    }

    [Test]
    public void OldOnesAreForgotten()
    {
        var mean = default(DecayedMean);
        mean.Add(1, 0.5);
        mean.Add(0, 0.5);
        Assert.That(mean.Weight, Is.EqualTo(1.5));
        Assert.That(mean.Estimate(0, 1e-12), Is.EqualTo(1.0 / 3).Within(1e-9));
    }

    [Test]
    public void EstimatesStayAmongWhatWasSeenAndWeightsAreBounded() => Property.Holds(random =>
    {
        var mean = default(DecayedMean);
        var keep = 0.9 + (0.099 * random.NextDouble());
        for (var i = 0; i < 500; i++)
        {
            mean.Add(random.NextDouble(), keep);
            Assert.That(mean.Estimate(random.NextDouble(), 4), Is.InRange(0.0, 1.0));
            Assert.That(mean.Weight, Is.LessThanOrEqualTo(1 / (1 - keep)));
        }
    }, count: 50);
}
