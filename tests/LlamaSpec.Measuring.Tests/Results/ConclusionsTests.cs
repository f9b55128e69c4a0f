using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Results;

public sealed class ConclusionsTests
{
    private static readonly SystemLabel[] Systems =
    [
        SystemLabel.Plain, SystemLabel.StockPlain, SystemLabel.Policy("fixed:1"), SystemLabel.Policy("adaedl"),
        SystemLabel.PlainServer, SystemLabel.DraftingServer(2), SystemLabel.DraftingServer(5),
    ];

    [Test]
    public void TheBestPolicyIsComparedWithPlainDecodingAndWithTheBestServer()
    {
        var lines = Draw([100, 80, 130, 90, 95, 100, 98], [200, 160, 300, 150, 190, 260, 196]);
        Assert.That(lines[1], Is.EqualTo(
            "Temperature 0, best policy fixed:1: 1.40 (1.33-1.46) times plain (faster); 1.75 (1.66-1.83) times plain, rows off (faster); "
            + "1.22 (1.18-1.27) times llama-server n_max 2, its best setting (faster)."));
        Assert.That(lines[2], Is.EqualTo("The policies against plain: 1 faster, 1 slower."));
    }

    [Test]
    public void LossesComeFirst()
    {
        var lines = Draw([100, 110, 80, 60, 95, 60, 50], [100, 110, 90, 160, 95, 60, 50]);
        Assert.That(lines[0], Is.EqualTo(
            "Temperature 0, losses to plain: fixed:1 0.85 (0.82-0.88) on the whole (slower), slower in 2 of 2 categories, worst a 0.80 (0.80-0.80); "
            + "adaedl 0.98 (0.71-1.36) on the whole (no difference shown), slower in 1 of 2 categories, worst a 0.60 (0.60-0.60)."));
        Assert.That(lines[1], Does.StartWith("Temperature 0, best policy adaedl: 0.98 ").And.EndWith("1.63 (1.18-2.26) times llama-server n_max 2, its best with a draft (faster)."));
        Assert.That(lines[2], Is.EqualTo("The policies against plain: 1 no difference shown, 1 slower."));
    }

    [Test]
    public void WithoutALossThatIsSaid() =>
        Assert.That(Draw([1, 1, 2, 2, 1, 1, 1], [1, 1, 2, 2, 1, 1, 1])[0], Is.EqualTo("Temperature 0: no policy is slower than plain, in no category."));

    [Test]
    public void TheRegretOfAnAdaptivePolicyIsTold()
    {
        var lines = Draw([100, 100, 200, 150, 1, 1, 1], [100, 100, 100, 125, 1, 1, 1]);
        Assert.That(lines[3], Is.EqualTo("The best single fixed length is fixed:1, 1.41 times plain."));
        Assert.That(lines[4], Is.EqualTo("Regret of adaedl: 3.2 % against fixed:1; at most 25.0 % against the best fixed length of a category (a)."));
    }

    [Test]
    public void WithoutPoliciesThereIsNothingToSay()
    {
        var measurements = new Measurements { Systems = [SystemLabel.Plain], Samples = [Fakes.Sample("a1", 0, 1, Fakes.Answer(1))], Skipped = [] };
        Assert.That(FigureCalculator.Compute(measurements).Single().Conclusions, Is.Empty);
    }

    private static IReadOnlyList<string> Draw(double[] first, double[] second)
    {
        // Each three times: fewer than six questions are not concluded from.
        var samples = Enumerable.Range(0, 6).Select(i => Fakes.Sample(
            $"{(i % 2 == 0 ? "a" : "b")}{i}", 0, 1, [.. (i % 2 == 0 ? first : second).Select(static rate => Fakes.Answer(rate))]));
        return FigureCalculator.Compute(new Measurements { Systems = Systems, Samples = [.. samples], Skipped = [] }).Single().Conclusions;
    }
}
