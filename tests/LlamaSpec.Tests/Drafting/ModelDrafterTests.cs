using LlamaSpec.Drafting;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;
using LlamaSpec.Tests.Policies;

namespace LlamaSpec.Tests.Drafting;

/// <summary>What is drafted, and with how many decodes of how many rows.</summary>
public class ModelDrafterTests
{
    private const int VocabularySize = 12;

    private static readonly ManagedKernels Kernels = new();
    private static readonly SamplingOptions Warm = new() { Temperature = 0.9f, TopK = 5, FrequencyPenalty = 0.3f };

    private MarkovModelRunner _model = null!;
    private ModelDrafter _drafter = null!;

    [SetUp]
    public void SetUp() => Create(rowCapacity: 64);

    [TearDown]
    public void TearDown()
    {
        _drafter.Dispose();
        _model.Dispose();
    }

    [Test]
    public void DraftsWhatTheModelSays()
    {
        var seat = Seat(0, 1, 2, 3);
        Assert.That(seat.Draft(6), Is.EqualTo(Greedy([1, 2, 3], 6)));
    }

    [Test]
    public void TokensAreDrawnFromTheDistributionsThatAreHandedOver()
    {
        var seat = Seat(0, 1, 2, 3);
        var drafted = seat.Draft(6, Warm, round: 5);
        var sampler = new Sampler(Kernels, VocabularySize);
        for (var i = 0; i < drafted.Length; i++)
        {
            int[] prefix = [1, 2, 3, .. drafted.Take(i)];
            var expected = new TokenDistribution(VocabularySize);
            sampler.TryShape(_model.LogitsAfter(prefix), null, prefix, Warm, expected, out _);
            Assert.That(seat.Job.Tree.Proposal(i - 1).Weights.ToArray(), Is.EqualTo(expected.Weights.ToArray()));
            Assert.That(drafted[i], Is.EqualTo(expected.Sample(Kernels, CounterRandom.Uniform(DraftSeat.Seed, 5, i, DrawPurpose.Draft))));
        }

        Assert.That(drafted, Has.Length.EqualTo(6));
    }

    [Test]
    public void JobsShareOneDecodeAPass()
    {
        DraftSeat[] seats = [Seat(0, 1, 2, 3), Seat(1, 4), Seat(2, 5, 6)];
        _drafter.Draft([.. seats.Select((seat, i) => seat.Prepare(new FixedLengthPolicy(2 + i)))]);
        Assert.That(_model.DecodeCount, Is.EqualTo(4));
        Assert.That(seats[0].Drafted, Is.EqualTo(Greedy([1, 2, 3], 2)));
        Assert.That(seats[1].Drafted, Is.EqualTo(Greedy([4], 3)));
        Assert.That(seats[2].Drafted, Is.EqualTo(Greedy([5, 6], 4)));
        Assert.That(_model.DecodedRows, Is.EqualTo((3 + 1) + (1 + 2) + (2 + 3)));
    }

    [Test]
    public void OneRowIsFedAfterARejection()
    {
        var seat = Seat(0, 1, 2, 3);
        var drafted = seat.Draft(4);
        seat.EndRound(acceptedCount: 2, nextToken: 9);
        Assert.That(_model.Cells(0), Is.EqualTo(new[] { 1, 2, 3, drafted[0], drafted[1] }));

        var rows = _model.DecodedRows;
        Assert.That(seat.Draft(1), Is.EqualTo(Greedy([1, 2, 3, drafted[0], drafted[1], 9], 1)));
        Assert.That(_model.DecodedRows - rows, Is.EqualTo(1));
    }

    [Test]
    public void TwoRowsAreFedAfterFullAcceptance()
    {
        // The last drafted token was never decoded by the draft.
        var seat = Seat(0, 1, 2, 3);
        var drafted = seat.Draft(4);
        seat.EndRound(acceptedCount: 4, nextToken: 9);
        Assert.That(_model.Cells(0), Is.EqualTo(new[] { 1, 2, 3, drafted[0], drafted[1], drafted[2] }));

        var rows = _model.DecodedRows;
        Assert.That(seat.Draft(1), Is.EqualTo(Greedy([1, 2, 3, .. drafted, 9], 1)));
        Assert.That(_model.DecodedRows - rows, Is.EqualTo(2));
    }

    [Test]
    public void RejectedTokensLeaveTheKvCache()
    {
        var seat = Seat(0, 1, 2, 3);
        seat.Draft(6);
        seat.EndRound(acceptedCount: 0, nextToken: 4);
        Assert.That(_model.Cells(0), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void RoundsWithoutADraftAreCaughtUpInOneDecode()
    {
        var seat = Seat(0, 1, 2, 3);
        seat.Draft(2);
        for (var token = 0; token < 5; token++)
        {
            Assert.That(seat.Draft(0), Is.Empty);
            seat.EndRound(0, token);
        }

        var decodes = _model.DecodeCount;
        Assert.That(seat.Draft(1), Is.EqualTo(Greedy([3, 4], 1)));
        Assert.That(_model.DecodeCount - decodes, Is.EqualTo(1));
        Assert.That(_model.Cells(0), Is.EqualTo(new[] { 1, 2, 3, 0, 1, 2, 3, 4 }));
    }

    [Test]
    public void WhenThePolicySaysNoNothingIsDecoded()
    {
        Assert.That(Seat(0, 1, 2, 3).Draft(0), Is.Empty);
        Assert.That(_model.DecodeCount, Is.Zero);
        _drafter.Draft([Seat(1, 1, 2).Prepare(new FixedLengthPolicy(3), maximumLength: 0)]);
        Assert.That(_model.DecodeCount, Is.Zero);
    }

    [Test]
    public void AJobThatDraftsNothingCostsTheOthersNothing()
    {
        var idle = Seat(0, 1, 2, 3);
        var busy = Seat(1, 4, 5);
        _drafter.Draft([idle.Prepare(new FixedLengthPolicy(0)), busy.Prepare(new FixedLengthPolicy(2))]);
        Assert.That(busy.Drafted, Is.EqualTo(Greedy([4, 5], 2)));
        Assert.That(_model.Cells(0), Is.Empty);
    }

    [Test]
    public void ThePolicyIsAskedBeforeEachPassAndBeforeEachDraw([Values] bool isGreedy)
    {
        var policy = new ScriptedPolicy(stopBeforeDraw: 3);
        var seat = Seat(0, 1, 2, 3);
        _drafter.Draft([seat.Prepare(policy, isGreedy ? SamplingOptions.Greedy : Warm)]);

        // Three tokens were drawn; the fourth pass was paid for and its token refused before it was drawn.
        Assert.That(seat.Drafted, Has.Length.EqualTo(3));
        Assert.That(_model.DecodeCount, Is.EqualTo(4));
        Assert.That(policy.Passes.Select(progress => progress.DraftedCount), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(policy.Draws.Select(progress => progress.DraftedCount), Is.EqualTo(new[] { 0, 1, 2, 3 }));
    }

    [Test]
    public void ThePolicySeesWhatTheLastTokenWasDrawnWith()
    {
        var policy = new ScriptedPolicy(stopBeforeDraw: 3);
        var seat = Seat(0, 1, 2, 3);
        _drafter.Draft([seat.Prepare(policy, Warm)]);
        var probabilities = seat.Drafted.Select((token, i) => (double)seat.Job.Tree.Proposal(i - 1)[token]).ToArray();
        var last = policy.Draws[^1];
        Assert.That(last.LastProbability, Is.EqualTo(probabilities[2]));
        Assert.That(last.LogProbability, Is.EqualTo(probabilities.Sum(Math.Log)).Within(1e-12));
        Assert.That(last.LastEntropy, Is.EqualTo(policy.Entropies[2]));
        Assert.That(policy.Passes[0].LastProbability, Is.EqualTo(1));
        Assert.That(policy.Passes[0].LastEntropy, Is.Zero);
    }

    [Test]
    public void ThePolicySeesWhatTheDraftLacksAndHowTheBatchGrows()
    {
        var policy = new ScriptedPolicy(stopBeforeDraw: 3);
        _drafter.Draft([Seat(0, 1, 2, 3).Prepare(policy, Warm)]);
        Assert.That(policy.Passes.Select(static pass => pass.MissingRows), Is.EqualTo([3, 1, 1, 1]), "Only the first pass reads the prompt.");
        Assert.That(policy.Passes.Select(static pass => pass.BatchRows), Is.EqualTo([1, 2, 3, 4]));
        Assert.That(policy.Passes.Select(static pass => pass.Position), Is.All.EqualTo(3));
    }

    [Test]
    public void TheLongestDraftIsThatOfTheJob()
    {
        var seat = Seat(0, 1, 2, 3);
        _drafter.Draft([seat.Prepare(new FixedLengthPolicy(8), maximumLength: 3)]);
        Assert.That(seat.Drafted, Has.Length.EqualTo(3));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(5)]
    public void APromptLongerThanTheBatchIsCaughtUp(int rowCapacity)
    {
        _drafter.Dispose();
        Create(rowCapacity);
        var prompt = Enumerable.Range(0, 23).Select(i => i * 5 % VocabularySize).ToArray();
        var seat = Seat(0, prompt);
        var chunks = seat.DraftWhenCaughtUp(3);
        Assert.That(chunks, Is.EqualTo((22 + rowCapacity) / rowCapacity), "One chunk a step, and the draft with the last.");
        Assert.That(seat.Drafted, Is.EqualTo(Greedy(prompt, 3)));
        Assert.That(_model.Cells(0).Take(23), Is.EqualTo(prompt));
        Assert.That(_model.DecodedRows, Is.EqualTo(23 + 2));
    }

    [Test]
    public void SeveralLongPromptsAreCaughtUpTogether()
    {
        _drafter.Dispose();
        Create(rowCapacity: 8);
        int[][] prompts = [[1, 2, 3, 4, 5, 6, 7], [.. Enumerable.Repeat(8, 13)], [.. Enumerable.Range(0, 9), .. Enumerable.Range(0, 10)]];
        var seats = prompts.Select((prompt, slot) => Seat(slot, prompt)).ToArray();
        for (var step = 0; seats.Any(seat => seat.Drafted.Length == 0); step++)
        {
            Assert.That(step, Is.LessThan(12), "Every step brings some prompt further.");
            _drafter.Draft([.. seats.Where(seat => seat.Drafted.Length == 0).Select(seat => seat.Prepare(new FixedLengthPolicy(2)))]);
        }

        for (var slot = 0; slot < 3; slot++)
        {
            Assert.That(seats[slot].Drafted, Is.EqualTo(Greedy(prompts[slot], 2)));
        }
    }

    [Test]
    public void ANewRequestKeepsTheSharedPrefixOnly()
    {
        Seat(0, 1, 2, 3, 4).Draft(1);
        _drafter.Begin(0, 2);
        Assert.That(_model.Cells(0), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void DisposingFreesTheModel()
    {
        _drafter.Dispose();
        Assert.That(_model.IsDisposed, Is.True);
    }

    private void Create(int rowCapacity)
    {
        _model = MarkovModelRunner.Random(VocabularySize, seed: 3, rowCapacity: rowCapacity);
        _drafter = new ModelDrafter(_model, null, Kernels);
    }

    private DraftSeat Seat(int slot, params int[] prompt) => new(_drafter, slot, VocabularySize, prompt);

    private int[] Greedy(int[] prefix, int count)
    {
        List<int> tokens = [.. prefix];
        for (var i = 0; i < count; i++)
        {
            tokens.Add(Kernels.ArgMax(_model.LogitsAfter(tokens.ToArray())));
        }

        return [.. tokens.Skip(prefix.Length)];
    }
}
