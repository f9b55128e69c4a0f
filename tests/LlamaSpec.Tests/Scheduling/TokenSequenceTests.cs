using LlamaSpec.Drafting;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Tests.Scheduling;

public class TokenSequenceTests
{
    [Test]
    public void APrefixIsTheCommittedTokensAndThePathToANode()
    {
        var tokens = Sequence(1, 2, 3);
        var tree = new TokenTree(5, 20);
        var first = tree.Add(TokenTree.Anchor, 8, 1, isSampled: false);
        var other = tree.Add(TokenTree.Anchor, 9, 1, isSampled: false);
        var below = tree.Add(first, 10, 1, isSampled: false);
        Assert.That(tokens.Prefix(tree, TokenTree.Anchor).ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(tokens.Prefix(tree, first).ToArray(), Is.EqualTo(new[] { 1, 2, 3, 8 }));
        Assert.That(tokens.Prefix(tree, below).ToArray(), Is.EqualTo(new[] { 1, 2, 3, 8, 10 }));
        Assert.That(tokens.Prefix(tree, other).ToArray(), Is.EqualTo(new[] { 1, 2, 3, 9 }));
        Assert.That(tokens.Committed.ToArray(), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public void CommittedTokensFollowEachOther()
    {
        var tokens = Sequence(1);
        tokens.Commit(8);
        tokens.Commit(5);
        Assert.That(tokens.Committed.ToArray(), Is.EqualTo(new[] { 1, 8, 5 }));
    }

    [Test]
    public void APromptReplacesEverything()
    {
        var tokens = Sequence(1, 2, 3);
        tokens.Reset([4]);
        Assert.That(tokens.Committed.ToArray(), Is.EqualTo(new[] { 4 }));
        Assert.That(tokens.Capacity, Is.EqualTo(10));
    }

    [TestCase(new int[0], 0)]
    [TestCase(new[] { 9 }, 0)]
    [TestCase(new[] { 1, 2 }, 2)]
    [TestCase(new[] { 1, 2, 3, 8 }, 3)]
    [TestCase(new[] { 1, 9, 3 }, 1)]
    public void TheCommonPrefixCountsCommittedTokensOnly(int[] other, int length) =>
        Assert.That(Sequence(1, 2, 3).CommonPrefixLength(other), Is.EqualTo(length));

    private static TokenSequence Sequence(params int[] committed)
    {
        var tokens = new TokenSequence(10);
        tokens.Reset(committed);
        return tokens;
    }
}
