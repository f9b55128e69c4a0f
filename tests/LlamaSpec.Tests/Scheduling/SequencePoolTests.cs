using LlamaSpec.Models;
using LlamaSpec.Drafting;
using LlamaSpec.Scheduling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Scheduling;

public class SequencePoolTests
{
    private MarkovModelRunner _target = null!;
    private SequencePool _pool = null!;

    [SetUp]
    public void SetUp()
    {
        _target = MarkovModelRunner.Random(10, seed: 1);
        _pool = new SequencePool(_target, slotCount: 3, contextLength: 64, DraftLimits.Chain(4));
    }

    [TearDown]
    public void TearDown() => _target.Dispose();

    [Test]
    public void TheSlotWithTheLongestSharedPrefixIsTaken()
    {
        var slots = Serve([1, 2, 3, 4], [1, 2, 7, 8], [5, 6]);
        var taken = _pool.Acquire([1, 2, 7, 9]);
        Assert.That(taken, Is.SameAs(slots[1]));
        Assert.That(taken.CachedCount, Is.EqualTo(3));
        Assert.That(_target.Cells(taken.Index), Is.EqualTo(new[] { 1, 2, 7 }));
        Assert.That(taken.Tokens.Committed.ToArray(), Is.EqualTo(new[] { 1, 2, 7, 9 }));
        Assert.That(taken.PrefillRemaining, Is.Zero);
    }

    [Test]
    public void AmongEqualsTheOneUsedLongestAgoIsTaken()
    {
        var slots = Serve([1, 2], [3, 4], [5, 6]);
        _pool.Acquire([3, 4]);
        _pool.Release(slots[1]);
        Assert.That(_pool.Acquire([7, 7]), Is.SameAs(slots[0]));
        Assert.That(_pool.Acquire([7, 7]), Is.SameAs(slots[2]));
        Assert.That(_pool.Acquire([7, 7]), Is.SameAs(slots[1]));
    }

    [Test]
    public void ASlotThatWasNeverUsedGoesBeforeOneWhoseCacheIsOfNoUse()
    {
        var used = Serve([1, 2])[0];
        Assert.That(_pool.Acquire([5, 6]), Is.Not.SameAs(used));
    }

    [Test]
    public void TheLastTokenOfAPromptIsNeverTakenFromTheCache()
    {
        // It is the anchor token: its row must be decoded for its logits.
        var slot = Serve([1, 2, 3, 4])[0];
        _pool.Acquire([1, 2, 3]);
        Assert.That(slot.CachedCount, Is.EqualTo(2));
        Assert.That(_target.Cells(slot.Index), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void ReleaseKeepsTheCache()
    {
        var slot = Serve([1, 2, 3])[0];
        Assert.That(slot.IsBusy, Is.False);
        Assert.That(_target.Cells(slot.Index), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(slot.CachedCount, Is.EqualTo(3));
    }

    [Test]
    public void ReleaseDropsTheDraft()
    {
        var slot = _pool.Acquire([1, 2]);
        slot.Job.Tree.Add(TokenTree.Anchor, 9, 1, isSampled: false);
        _pool.Release(slot);
        Assert.That(slot.Job.Tree.Count, Is.Zero);
    }

    [Test]
    public void BusySlotsAreNotHandedOut()
    {
        var taken = Enumerable.Range(0, 3).Select(_ => _pool.Acquire([1, 2])).ToArray();
        Assert.That(taken, Is.Unique);
        Assert.That(_pool.HasIdleSlot, Is.False);
        Assert.That(() => _pool.Acquire([1, 2]), Throws.InvalidOperationException);
        _pool.Release(taken[1]);
        Assert.That(_pool.HasIdleSlot, Is.True);
    }

    [Test]
    public void TheIdleCacheUsedLongestAgoIsForgottenFirst()
    {
        var slots = Serve([1, 2], [3, 4], [5, 6]);
        Assert.That(_pool.Acquire([1, 2]), Is.SameAs(slots[0]));
        Assert.That(_pool.TryForgetIdle(), Is.True);
        Assert.That(Lengths(), Is.EqualTo(new[] { 1, 0, 2 }));
        Assert.That(_pool.TryForgetIdle(), Is.True);
        Assert.That(Lengths(), Is.EqualTo(new[] { 1, 0, 0 }));
        Assert.That(_pool.TryForgetIdle(), Is.False, "the busy slot keeps its cache");
        Assert.That(Lengths(), Is.EqualTo(new[] { 1, 0, 0 }));
    }

    [Test]
    public void AForgottenCacheIsNoSharedPrefix()
    {
        Serve([1, 2, 3], [4, 5, 6]);
        Assert.That(_pool.TryForgetIdle() && _pool.TryForgetIdle(), Is.True);
        Assert.That(_pool.Acquire([4, 5, 6]).CachedCount, Is.Zero);
    }

    [Test]
    public void AModelThatCannotDropAPartStartsOver()
    {
        var slot = Serve([1, 2, 3, 4])[0];
        _target.CanTrim = false;
        Assert.That(_pool.Acquire([1, 2, 9]), Is.SameAs(slot));
        Assert.That(slot.CachedCount, Is.Zero);
        Assert.That(_target.Cells(slot.Index), Is.Empty);
        Assert.That(slot.PrefillRemaining, Is.EqualTo(2));
    }

    [Test]
    public void TrimmingNeverClaimsCellsThatAreNotThere()
    {
        var slot = Serve([1, 2, 3])[0];
        _pool.Trim(slot, 10);
        Assert.That(slot.CachedCount, Is.EqualTo(3));
        _pool.Trim(slot, 1);
        Assert.That((slot.CachedCount, _target.Cells(slot.Index).Count), Is.EqualTo((1, 1)));
    }

    // Each prompt runs in a slot of its own, is decoded whole, and is released, the first one first.
    private SequenceSlot[] Serve(params int[][] prompts)
    {
        var slots = prompts.Select(prompt => _pool.Acquire(prompt)).ToArray();
        foreach (var slot in slots)
        {
            var batch = new TokenBatch(64);
            foreach (var token in slot.Tokens.Committed[slot.CachedCount..])
            {
                batch.Add(token, slot.CachedCount++, slot.Sequence, wantsLogits: false);
            }

            Assert.That(_target.Decode(batch), Is.EqualTo(DecodeStatus.Ok));
            _pool.Release(slot);
        }

        return slots;
    }

    private int[] Lengths() => [.. _pool.Slots.ToArray().Select(slot => _target.SequenceLength(slot.Sequence))];
}
