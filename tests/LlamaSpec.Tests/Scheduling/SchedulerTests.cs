using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Scheduling;
using LlamaSpec.Tests.Fakes;
using LlamaSpec.Tests.Policies;

namespace LlamaSpec.Tests.Scheduling;

public class SchedulerTests
{
    private const int RowCapacity = 40;
    private const int ContextLength = 100;
    private const int MaximumDraftLength = 4;

    private MarkovModelRunner _target = null!;
    private SequencePool _pool = null!;
    private Scheduler _scheduler = null!;

    [SetUp]
    public void SetUp()
    {
        _target = MarkovModelRunner.Random(10, seed: 1);
        _pool = new SequencePool(_target, 4, ContextLength, DraftLimits.Chain(MaximumDraftLength));
        _scheduler = new Scheduler(4, RowCapacity, ContextLength, DraftLimits.Chain(MaximumDraftLength));
    }

    [TearDown]
    public void TearDown() => _target.Dispose();

    [Test]
    public void ARequestThatDecodesGetsARound()
    {
        var request = Add(promptLength: 10, cached: 9);
        Assert.That(Plan(), Is.EqualTo(new[] { (request, 0, true, 4) }));
    }

    [Test]
    public void RoundsComeBeforePrompts()
    {
        var prompt = Add(promptLength: 90, cached: 0);
        var decoding = Add(promptLength: 10, cached: 9);
        Assert.That(Plan(), Is.EqualTo(new[] { (decoding, 0, true, 4), (prompt, 35, false, 4) }));
    }

    [Test]
    public void PromptsShareWhatIsLeftInOrderOfArrival()
    {
        var first = Add(promptLength: 16, cached: 0);
        var second = Add(promptLength: 50, cached: 0);
        var third = Add(promptLength: 50, cached: 0);
        Assert.That(Plan(), Is.EqualTo(new[] { (first, 15, true, 4), (second, 20, false, 4) }));
        Assert.That(_scheduler.Running, Does.Contain(third));
    }

    [TestCase(36, 35, true)]
    [TestCase(37, 36, false)]
    [TestCase(41, 40, false)]
    [TestCase(42, 40, false)]
    public void TheLastChunkIsJoinedWithTheFirstRoundWhereBothFit(int promptLength, int prefillCount, bool hasRound)
    {
        var request = Add(promptLength, cached: 0);
        Assert.That(Plan(), Is.EqualTo(new[] { (request, prefillCount, hasRound, 4) }));
    }

    [Test]
    public void APromptOfOneTokenNeedsNoChunk()
    {
        var request = Add(promptLength: 1, cached: 0);
        Assert.That(Plan(), Is.EqualTo(new[] { (request, 0, true, 4) }));
    }

    [TestCase(94, 4)]
    [TestCase(96, 3)]
    [TestCase(98, 1)]
    [TestCase(99, 0)]
    public void DraftsStayInsideTheContext(int committed, int length)
    {
        // A round commits one token more than it accepts.
        var request = Add(committed, cached: committed - 1);
        Assert.That(Plan(), Is.EqualTo(new[] { (request, 0, true, length) }));
    }

    [TestCase(1, 0)]
    [TestCase(3, 2)]
    [TestCase(5, 4)]
    [TestCase(50, 4)]
    public void DraftsStayInsideTheTokenLimit(int maximumTokens, int length)
    {
        var request = Add(promptLength: 10, cached: 9, maximumTokens);
        Assert.That(Plan(), Is.EqualTo(new[] { (request, 0, true, length) }));
    }

    [Test]
    public void ShorterRoundsLeaveMoreRowsToPrompts()
    {
        Add(promptLength: 10, cached: 9, maximumTokens: 1);
        var prompt = Add(promptLength: 90, cached: 0);
        Assert.That(Plan()[1], Is.EqualTo((prompt, 39, false, 4)));
    }

    [Test]
    public void SuspendedRequestsAreLeftOut()
    {
        var older = Add(promptLength: 10, cached: 9);
        var youngest = Add(promptLength: 10, cached: 0);
        Assert.That(_scheduler.TrySuspendYoungest(out var suspended), Is.True);
        Assert.That(suspended, Is.SameAs(youngest));
        Assert.That(Plan(), Is.EqualTo(new[] { (older, 0, true, 4) }));
    }

    [Test]
    public void TheLastRunningRequestIsGivenButNotSuspended()
    {
        var older = Add(promptLength: 10, cached: 9);
        Add(promptLength: 10, cached: 0);
        _scheduler.TrySuspendYoungest(out _);
        Assert.That(_scheduler.TrySuspendYoungest(out var last), Is.False);
        Assert.That(last, Is.SameAs(older));
        Assert.That(Plan(), Has.Length.EqualTo(1));
    }

    [Test]
    public void ARequestThatEndsWakesTheSuspendedOnes()
    {
        var older = Add(promptLength: 10, cached: 9);
        var youngest = Add(promptLength: 10, cached: 9);
        _scheduler.TrySuspendYoungest(out _);
        _scheduler.Remove(older);
        Assert.That(Plan(), Is.EqualTo(new[] { (youngest, 0, true, 4) }));
    }

    [Test]
    public void NoPlanExceedsTheRowsOrStarves() => Property.Holds(random =>
    {
        SetUp();
        for (var i = 0; i < random.Next(1, 5); i++)
        {
            var promptLength = random.Next(1, ContextLength);
            Add(promptLength, random.Next(2) == 0 ? promptLength - 1 : random.Next(promptLength), random.Next(1, 9));
        }

        var plan = Plan();
        Assert.That(plan.Sum(entry => entry.PrefillCount + (entry.HasRound ? entry.Length + 1 : 0)), Is.InRange(1, RowCapacity));
        Assert.That(plan.Select(entry => entry.Request), Is.Unique);
        foreach (var (request, prefillCount, hasRound, _) in plan)
        {
            Assert.That(prefillCount, Is.AtMost(request.Slot!.PrefillRemaining));
            Assert.That(hasRound, Is.False.Or.EqualTo(prefillCount == request.Slot.PrefillRemaining));
            Assert.That(hasRound || prefillCount > 0, Is.True);
        }
    });

    private Request Add(int promptLength, int cached, int? maximumTokens = null)
    {
        var prompt = Enumerable.Repeat(1, promptLength).ToArray();
        var options = new GenerationRequest { PromptTokens = prompt, MaximumTokens = maximumTokens };
        var stop = new StopConditions(options, new CharacterTokenizer(10));
        var request = new Request(options, prompt, stop, PolicyChoice.Off, PolicyProgress.Context, seed: 1, ContextLength, arrival: 0)
        {
            Slot = _pool.Acquire(prompt),
        };
        request.Slot.CachedCount = cached;
        _scheduler.Add(request);
        return request;
    }

    private (Request Request, int PrefillCount, bool HasRound, int Length)[] Plan() =>
        [.. _scheduler.Plan().Entries.ToArray().Select(entry => (entry.Request, entry.PrefillCount, entry.HasRound, entry.Limits.Length))];
}
