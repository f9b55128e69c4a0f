using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Results;

public sealed class RegretCalculatorTests
{
    private static readonly SystemLabel[] Systems =
        [SystemLabel.Plain, SystemLabel.Policy("fixed:1"), SystemLabel.Policy("fixed:3"), SystemLabel.Policy("adaedl"), SystemLabel.PlainServer];

    [Test]
    public void EachCategoryHasItsOwnBestLengthAndAllHaveOneTogether()
    {
        var regrets = RegretCalculator.Compute(Systems, [Rates("a1", 100, 110, 200, 150), Rates("b1", 100, 90, 50, 99)]);
        Assert.That(regrets.Select(static one => (one.Category, one.BestFixed)), Is.EqualTo((IEnumerable<(string, string)>)[("all", "fixed:3"), ("a", "fixed:3"), ("b", "fixed:1")]));
        Assert.That(regrets.Select(static one => one.BestFixedSpeedUp), Is.EqualTo((double[])[1, 2, 0.9]).Within(1e-12));
        Assert.That(regrets[1].Policies, Is.EqualTo((PolicyRegret[])[new("fixed:1", 0.45), new("fixed:3", 0), new("adaedl", 0.25)])
            .Using<PolicyRegret>(static (left, right) => left.Policy == right.Policy && Math.Abs(left.Regret - right.Regret) < 1e-12));
        Assert.That(regrets[2].Policies[2].Regret, Is.EqualTo(-0.1).Within(1e-12), "faster than the best fixed length");
    }

    [Test]
    public void RatiosArePairedQuestionByQuestion()
    {
        var regrets = RegretCalculator.Compute(Systems, [Rates("a1", 100, 100, 10, 50), Rates("a2", 1, 1, 0.1, 2)]);
        Assert.That(regrets[0].Policies[2].Regret, Is.EqualTo(0).Within(1e-12), "half as fast and twice as fast");
    }

    [Test]
    public void WithoutAFixedLengthThereIsNoRegret() => Assert.That(
        RegretCalculator.Compute([SystemLabel.Plain, SystemLabel.Policy("adaedl")], [Fakes.Sample("a1", 0, 1, Fakes.Answer(1), Fakes.Answer(1))]), Is.Empty);

    private static Sample Rates(string id, params double[] rates) => Fakes.Sample(id, 0, 1, [.. rates.Select(static rate => Fakes.Answer(rate)), Fakes.Answer(70)]);
}
