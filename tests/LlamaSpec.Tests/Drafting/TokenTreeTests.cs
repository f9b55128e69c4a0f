using LlamaSpec.Drafting;

namespace LlamaSpec.Tests.Drafting;

public class TokenTreeTests
{
    private const int VocabularySize = 12;

    [Test]
    public void AnEmptyTreeHasNoChildrenAndIsAChain()
    {
        var tree = new TokenTree(4, VocabularySize);
        Assert.That((tree.Count, tree.Depth, tree.LeafCount, tree.SampledCount, tree.Capacity), Is.EqualTo((0, 0, 0, 0, 4)));
        Assert.That(tree.FirstChild(TokenTree.Anchor), Is.EqualTo(-1));
        Assert.That(tree.IsChain);
    }

    [Test]
    public void ChildrenAreMetInTheOrderTheyWereAddedWhateverCameBetween()
    {
        var tree = new TokenTree(8, VocabularySize);
        var first = tree.Add(TokenTree.Anchor, 5, 0.5f, isSampled: false);
        var below = tree.Add(first, 7, 0.4f, isSampled: true);
        var second = tree.Add(TokenTree.Anchor, 3, 0.3f, isSampled: true);
        var belowToo = tree.Add(first, 1, 0.2f, isSampled: false);
        Assert.That(Children(tree, TokenTree.Anchor), Is.EqualTo(new[] { first, second }));
        Assert.That(Children(tree, first), Is.EqualTo(new[] { below, belowToo }));
        Assert.That(Children(tree, second), Is.Empty);
        Assert.That(tree.Tokens.ToArray(), Is.EqualTo(new[] { 5, 7, 3, 1 }));
        Assert.That(tree.Parents.ToArray(), Is.EqualTo(new[] { -1, 0, -1, 0 }));
        Assert.That(tree.Depths.ToArray(), Is.EqualTo(new[] { 0, 1, 0, 1 }));
        Assert.That(tree.IsSampled.ToArray(), Is.EqualTo(new byte[] { 0, 1, 1, 0 }));
        Assert.That(tree.Probabilities.ToArray(), Is.EqualTo(new[] { 0.5f, 0.4f, 0.3f, 0.2f }));
        Assert.That((tree.Depth, tree.LeafCount, tree.SampledCount, tree.IsChain), Is.EqualTo((2, 3, 2, false)));
    }

    [Test]
    public void ACertainChildIsFoundBehindASampledSiblingOfTheSameToken()
    {
        var tree = new TokenTree(3, VocabularySize);
        var sampled = tree.Add(TokenTree.Anchor, 5, 0.5f, isSampled: true);
        var certain = tree.Add(TokenTree.Anchor, 5, 0.5f, isSampled: false);
        Assert.That(tree.Child(TokenTree.Anchor, 5), Is.EqualTo(sampled));
        Assert.That(tree.CertainChild(TokenTree.Anchor, 5), Is.EqualTo(certain));
        Assert.That(tree.Child(TokenTree.Anchor, 6), Is.EqualTo(-1));
        Assert.That(tree.CertainChild(sampled, 5), Is.EqualTo(-1));
    }

    [Test]
    public void ASampledChildIsNoCertainOne()
    {
        var tree = new TokenTree(1, VocabularySize);
        tree.Add(TokenTree.Anchor, 5, 0.5f, isSampled: true);
        Assert.That(tree.CertainChild(TokenTree.Anchor, 5), Is.EqualTo(-1));
    }

    [Test]
    public void AChainIsATreeOfWidthOne()
    {
        var tree = new TokenTree(4, VocabularySize);
        for (var node = TokenTree.Anchor; node < 2; node++)
        {
            tree.Add(node, 1, 1, isSampled: true);
            Assert.That((tree.IsChain, tree.LeafCount), Is.EqualTo((true, 1)));
        }

        tree.Add(1, 2, 1, isSampled: true);
        Assert.That((tree.IsChain, tree.LeafCount), Is.EqualTo((false, 2)));
    }

    [Test]
    public void EachStateButThatOfAFullTreesLastNodeHasAProposal()
    {
        var tree = new TokenTree(3, VocabularySize);
        Assert.That(tree.HasProposals, Is.False);
        tree.Reserve();
        var proposals = tree.Proposals(3).ToArray();
        tree.Reserve();
        Assert.That(tree.HasProposals);
        Assert.That(proposals, Is.Unique);
        Assert.That(new[] { tree.Proposal(TokenTree.Anchor), tree.Proposal(0), tree.Proposal(1) }, Is.EqualTo(proposals));
    }

    [Test]
    public void CountsAndLinksAgreeWithTheParents() => Property.Holds(random => AssertConsistent(RandomTrees.Draft(random, VocabularySize, 24)));

    [Test]
    public void ATruncatedTreeIsTheTreeBeforeTheOthersCame() => Property.Holds(random =>
    {
        var tree = RandomTrees.Draft(random, VocabularySize, 24);
        var kept = random.Next(tree.Count + 1);
        var expected = new TokenTree(24, VocabularySize);
        for (var node = 0; node < kept; node++)
        {
            expected.Add(tree.Parents[node], tree.Tokens[node], tree.Probabilities[node], tree.IsSampled[node] != 0);
        }

        tree.Truncate(kept);
        AssertConsistent(tree);
        Assert.That(tree.Tokens.ToArray(), Is.EqualTo(expected.Tokens.ToArray()));
        Assert.That(tree.Parents.ToArray(), Is.EqualTo(expected.Parents.ToArray()));
        Assert.That(tree.Probabilities.ToArray(), Is.EqualTo(expected.Probabilities.ToArray()));
        Assert.That(tree.IsSampled.ToArray(), Is.EqualTo(expected.IsSampled.ToArray()));
    });

    [Test]
    public void AClearedTreeGrowsLikeANewOne() => Property.Holds(random =>
    {
        var tree = RandomTrees.Draft(random, VocabularySize, 24);
        tree.Clear();
        AssertConsistent(tree);
        var child = tree.Add(tree.Add(TokenTree.Anchor, 3, 1, isSampled: false), 4, 1, isSampled: true);
        AssertConsistent(tree);
        Assert.That((child, tree.Count, tree.IsChain), Is.EqualTo((1, 2, true)));
    });

    private static void AssertConsistent(TokenTree tree)
    {
        var nodes = Enumerable.Range(0, tree.Count).ToArray();
        var parents = tree.Parents.ToArray();
        foreach (var node in nodes.Prepend(TokenTree.Anchor))
        {
            var children = nodes.Where(child => parents[child] == node).ToArray();
            Assert.That(Children(tree, node), Is.EqualTo(children));
            foreach (var child in children)
            {
                Assert.That(tree.Depths[child], Is.EqualTo(node < 0 ? 0 : tree.Depths[node] + 1));
                Assert.That(tree.Tokens[tree.Child(node, tree.Tokens[child])], Is.EqualTo(tree.Tokens[child]));
                Assert.That(tree.CertainChild(node, tree.Tokens[child]) == child, Is.EqualTo(tree.IsSampled[child] == 0));
            }
        }

        Assert.That(tree.LeafCount, Is.EqualTo(nodes.Count(node => tree.FirstChild(node) < 0)));
        Assert.That(tree.SampledCount, Is.EqualTo(tree.IsSampled.ToArray().Count(static isSampled => isSampled != 0)));
        Assert.That(tree.Depth, Is.EqualTo(tree.Depths.ToArray().Append(-1).Max() + 1));
        Assert.That(tree.IsChain, Is.EqualTo(nodes.All(node => parents[node] == node - 1)));
    }

    private static List<int> Children(TokenTree tree, int node)
    {
        List<int> children = [];
        for (var child = tree.FirstChild(node); child >= 0; child = tree.NextSibling(child))
        {
            children.Add(child);
        }

        return children;
    }
}
