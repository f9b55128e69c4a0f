using LlamaSpec.Scheduling;

namespace LlamaSpec.Tests.Scheduling;

public class TokenSequenceTests
{
    [Test]
    public void DraftedTokensFollowTheCommittedOnes()
    {
        var tokens = Sequence([1, 2, 3], drafted: [8, 9]);
        Assert.That(tokens.Committed.ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(tokens.Drafted.ToArray(), Is.EqualTo(new[] { 8, 9 }));
        Assert.That(tokens.Prefix(0).ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(tokens.Prefix(1).ToArray(), Is.EqualTo(new[] { 1, 2, 3, 8 }));
        Assert.That(tokens.Prefix(2).ToArray(), Is.EqualTo(new[] { 1, 2, 3, 8, 9 }));
    }

    [Test]
    public void CommittingEndsTheRound()
    {
        var tokens = Sequence([1], drafted: [8, 9]);
        tokens.Commit(8);
        tokens.Commit(5);
        Assert.That(tokens.Committed.ToArray(), Is.EqualTo(new[] { 1, 8, 5 }));
        Assert.That(tokens.DraftedCount, Is.Zero);
    }

    [Test]
    public void ADroppedDraftLeavesTheCommittedTokens()
    {
        var tokens = Sequence([1, 2], drafted: [8]);
        tokens.DropDraft();
        tokens.AddDrafted(9);
        Assert.That(tokens.Prefix(1).ToArray(), Is.EqualTo(new[] { 1, 2, 9 }));
    }

    [Test]
    public void APromptReplacesEverything()
    {
        var tokens = Sequence([1, 2, 3], drafted: [8]);
        tokens.Reset([4]);
        Assert.That(tokens.Committed.ToArray(), Is.EqualTo(new[] { 4 }));
        Assert.That(tokens.DraftedCount, Is.Zero);
        Assert.That(tokens.Capacity, Is.EqualTo(10));
    }

    [TestCase(new int[0], 0)]
    [TestCase(new[] { 9 }, 0)]
    [TestCase(new[] { 1, 2 }, 2)]
    [TestCase(new[] { 1, 2, 3, 8 }, 3)]
    [TestCase(new[] { 1, 9, 3 }, 1)]
    public void TheCommonPrefixCountsCommittedTokensOnly(int[] other, int length) =>
        Assert.That(Sequence([1, 2, 3], drafted: [8]).CommonPrefixLength(other), Is.EqualTo(length));

    private static TokenSequence Sequence(int[] committed, int[] drafted)
    {
        var tokens = new TokenSequence(10);
        tokens.Reset(committed);
        foreach (var token in drafted)
        {
            tokens.AddDrafted(token);
        }

        return tokens;
    }
}
