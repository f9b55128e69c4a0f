using LlamaSpec.Drafting;
using LlamaSpec.Models;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Drafting;

/// <summary>A draft model without room, interrupted, or with a vocabulary of its own.</summary>
public class ModelDrafterFailureTests
{
    private const int VocabularySize = 12;

    private static readonly ManagedKernels Kernels = new();

    [TestCase(DecodeStatus.NoKvSlot)]
    [TestCase(DecodeStatus.Aborted)]
    public void AFailedDecodeLeavesAnEmptyDraftAndTheNextRoundRecovers(DecodeStatus status)
    {
        using var model = MarkovModelRunner.Random(VocabularySize, seed: 3);
        using var drafter = new ModelDrafter(model, null, Kernels);
        DraftSeat[] seats = [new(drafter, 0, VocabularySize, 1, 2, 3), new(drafter, 1, VocabularySize, 4, 5)];
        var expected = Draft(drafter, seats);

        model.OnDecode = _ => status;
        Assert.That(Draft(drafter, seats), Is.All.Empty);

        model.OnDecode = null;
        Assert.That(Draft(drafter, seats), Is.EqualTo(expected));
        Assert.That(model.Cells(0).Take(3), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void ARoundThatTheTargetDidNotFinishIsDraftedAgain()
    {
        // The engine drops the draft and tells the drafter that all committed tokens stand, the anchor token too.
        using var model = MarkovModelRunner.Random(VocabularySize, seed: 3);
        using var drafter = new ModelDrafter(model, null, Kernels);
        var seat = new DraftSeat(drafter, 0, VocabularySize, 1, 2, 3);
        var drafted = seat.Draft(4);
        var rows = model.DecodedRows;
        drafter.Observe(0, seat.Tokens.CommittedCount);
        Assert.That(seat.Draft(4), Is.EqualTo(drafted));
        Assert.That(model.DecodedRows - rows, Is.EqualTo(4));
    }

    [Test]
    public void AnAbortHalfwayKeepsTheTokensDrawnBefore()
    {
        // They were drawn from their distributions, and a drawn token is never taken back.
        using var model = MarkovModelRunner.Random(VocabularySize, seed: 3);
        using var drafter = new ModelDrafter(model, null, Kernels);
        var seat = new DraftSeat(drafter, 0, VocabularySize, 1, 2, 3);
        var expected = seat.Draft(6);
        seat.EndRound(0, 9);
        seat.Tokens.Reset([1, 2, 3]);
        drafter.Begin(0, 0);

        var before = model.DecodeCount;
        model.AbortAfterRow = _ => model.DecodeCount == before + 3;
        Assert.That(seat.Draft(6), Is.EqualTo(expected.Take(2)));

        model.AbortAfterRow = null;
        Assert.That(seat.Draft(6), Is.EqualTo(expected));
    }

    [Test]
    public void AFailureWhileCatchingUpRecovers()
    {
        using var model = MarkovModelRunner.Random(VocabularySize, seed: 3, rowCapacity: 4);
        using var drafter = new ModelDrafter(model, null, Kernels);
        var seat = new DraftSeat(drafter, 0, VocabularySize, [.. Enumerable.Range(0, 11)]);
        model.AbortAfterRow = row => model.DecodeCount == 2 && row == 1;
        Assert.That(seat.Draft(2), Is.Empty);
        Assert.That(model.Cells(0), Has.Count.EqualTo(4));
        Assert.That(seat.Draft(2), Is.Empty);
        Assert.That(model.Cells(0), Is.Empty, "What an aborted decode left is not trusted.");
        model.AbortAfterRow = null;
        seat.DraftWhenCaughtUp(2);
        Assert.That(seat.Drafted, Has.Length.EqualTo(2));
        Assert.That(model.Cells(0).Take(11), Is.EqualTo(Enumerable.Range(0, 11)));
    }

    [Test]
    public void AModelThatCannotDropAPartIsFedAgain()
    {
        using var model = MarkovModelRunner.Random(VocabularySize, seed: 3);
        using var drafter = new ModelDrafter(model, null, Kernels);
        var seat = new DraftSeat(drafter, 0, VocabularySize, 1, 2, 3);
        seat.Draft(4);
        model.CanTrim = false;
        seat.EndRound(acceptedCount: 1, nextToken: 9);
        Assert.That(model.Cells(0), Is.Empty);
        seat.Draft(1);
        Assert.That(model.Cells(0), Is.EqualTo(seat.Tokens.Committed.ToArray()));
    }

    [Test]
    public void ARowThatIsNoDistributionEndsTheDraft([Values] bool isGreedy)
    {
        var row = Enumerable.Repeat(float.NaN, VocabularySize).ToArray();
        using var model = new MarkovModelRunner([.. Enumerable.Repeat(row, (VocabularySize + 1) * (VocabularySize + 1))], VocabularySize);
        using var drafter = new ModelDrafter(model, null, Kernels);
        var seat = new DraftSeat(drafter, 0, VocabularySize, 1, 2, 3);
        Assert.That(seat.Draft(4, isGreedy ? SamplingOptions.Greedy : new SamplingOptions()), Is.Empty);
        Assert.That(model.DecodeCount, Is.EqualTo(1));
    }

    [Test]
    public void ATrimmedDraftIsFedItsOwnRowsAndProposesTargetTokens([Values] bool isGreedy)
    {
        // Target tokens 0..19; the draft knows 10..14 as its rows 0..4, row 5 is its unknown token.
        var map = new TokenMap([10, 11, 12, 13, 14, -1], unknownRow: 5, targetVocabularySize: 20);
        using var model = MarkovModelRunner.Random(6, seed: 4);
        using var drafter = new ModelDrafter(model, map, Kernels);
        var seat = new DraftSeat(drafter, 0, 20, 12, 3, 19, 10);
        var drafted = seat.Draft(5, isGreedy ? SamplingOptions.Greedy : new SamplingOptions());

        Assert.That(drafted, Has.Length.EqualTo(5).And.All.InRange(10, 14));
        Assert.That(model.Cells(0), Is.EqualTo(new[] { 2, 5, 5, 0 }.Concat(drafted.Take(4).Select(token => token - 10))));
    }

    private static int[][] Draft(ModelDrafter drafter, DraftSeat[] seats)
    {
        drafter.Draft([.. seats.Select(seat => seat.Prepare(new FixedLengthPolicy(3)))]);
        var drafted = seats.Select(seat => seat.Drafted).ToArray();
        foreach (var seat in seats)
        {
            // As if the round had not been.
            drafter.Observe(seat.Job.Slot, seat.Tokens.CommittedCount);
        }

        return drafted;
    }
}
