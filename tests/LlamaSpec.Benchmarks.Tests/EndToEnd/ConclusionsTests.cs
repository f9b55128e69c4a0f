using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Benchmarks.EndToEnd.Results;
using LlamaSpec.Benchmarks.EndToEnd.Systems;

namespace LlamaSpec.Benchmarks.Tests.EndToEnd;

public sealed class ConclusionsTests
{
    private static readonly SystemLabel[] Systems =
    [
        SystemLabel.Plain, SystemLabel.PlainFastRows, SystemLabel.Policy("fixed:1", fastRows: true), SystemLabel.Policy("adaedl", fastRows: false),
        SystemLabel.PlainServer, SystemLabel.DraftingServer(2), SystemLabel.DraftingServer(5),
    ];

    [Test]
    public void TheBestPolicyIsComparedWithPlainDecodingAndWithTheBestServer()
    {
        var lines = Draw([100, 110, 130, 90, 95, 100, 98], [200, 220, 300, 150, 190, 260, 196]);
        Assert.That(lines, Is.EqualTo((string[])
        [
            "Temperature 0, best policy fixed:1, rows on: 1.40 (1.33-1.46) times plain, rows off (faster); 1.27 (1.21-1.33) times plain, rows on (faster); "
            + "1.22 (1.18-1.27) times llama-server n_max 2, its best setting (faster).",
            "The policies against plain, rows off: 1 faster, 1 slower.",
        ]));
    }

    [Test]
    public void ALossIsCalledALoss()
    {
        var lines = Draw([100, 110, 80, 60, 95, 60, 50], [100, 110, 90, 160, 95, 60, 50]);
        Assert.That(lines[0], Is.EqualTo(
            "Temperature 0, best policy adaedl, rows off: 0.98 (0.71-1.36) times plain, rows off (no difference shown); 0.89 (0.64-1.24) times plain, rows on (no difference shown); "
            + "1.03 (0.74-1.43) times llama-server plain, its best setting (no difference shown); 1.63 (1.18-2.26) times llama-server n_max 2, its best with a draft (faster)."));
        Assert.That(lines[1], Is.EqualTo("The policies against plain, rows off: 1 no difference shown, 1 slower."));
    }

    [Test]
    public void WithoutPoliciesThereIsNothingToSay()
    {
        var measurements = new Measurements { Systems = [SystemLabel.Plain], Samples = [Fakes.Sample("a1", 0, 1, Fakes.Answer(1))], Skipped = [] };
        Assert.That(FigureCalculator.Compute(measurements).Single().Conclusions, Is.Empty);
    }

    private static IReadOnlyList<string> Draw(params double[][] rates)
    {
        // Each three times: fewer than six questions are not concluded from.
        double[][] questions = [.. rates, .. rates, .. rates];
        Sample[] samples = [.. questions.Select(static (rates, index) => Fakes.Sample($"q{index}", 0, 1, [.. rates.Select(static rate => Fakes.Answer(rate))]))];
        return FigureCalculator.Compute(new Measurements { Systems = Systems, Samples = samples, Skipped = [] }).Single().Conclusions;
    }
}
