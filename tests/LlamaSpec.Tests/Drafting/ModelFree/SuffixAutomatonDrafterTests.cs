using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public class SuffixAutomatonDrafterTests
{
    [Test]
    public void WhatFollowedTheLongestMatchIsProposed()
    {
        var drafter = Filled("abcdefgxyzabc");
        Assert.That(drafter.Propose(4).Letters(), Is.EqualTo("defg"));
        Assert.That(drafter.Name, Is.EqualTo("suffix"));
    }

    [Test]
    public void AMatchBelowTheMinimumProposesNothing()
    {
        Assert.That(Filled("abcdxbc", new SuffixAutomatonOptions { MinimumMatch = 3 }).Propose(4).Count, Is.Zero);
        Assert.That(Filled("abcdxbc").Propose(2).Letters(), Is.EqualTo("dx"));
        Assert.That(Filled("abcdefg").Propose(4).Count, Is.Zero);
        Assert.That(Filled(string.Empty).Propose(4).Count, Is.Zero);
    }

    [Test]
    public void TheMostFrequentContinuationWins() => Assert.That(Filled("xyzaxyzaxyzbqxyz").Propose(1).Letters(), Is.EqualTo("a"));

    [Test]
    public void ARepetitionIsContinuedBeyondTheEndOfTheText() => Assert.That(Filled("qabcabcabc").Propose(8).Letters(), Is.EqualTo("abcabcab"));

    [Test]
    public void PendingTokensLengthenTheMatch()
    {
        // At "xbc" all continuations are equal; "abc" has its own.
        var drafter = Filled("abcdq" + "xbceq" + "q");
        Assert.That(drafter.Propose(2, "abc").Letters(), Is.EqualTo("dq"));
        Assert.That(drafter.Propose(2, "xbc").Letters(), Is.EqualTo("eq"));
        Assert.That(drafter.Propose(2, "xyz").Count, Is.Zero);
        Assert.That(drafter.Propose(2, "abc").Letters(), Is.EqualTo("dq"), "nothing was inserted");
    }

    [Test]
    public void ATailIsAddedBelowItsParent()
    {
        var drafter = Filled("abcdefabc");
        var tree = new TokenTree(8, Texts.Vocabulary);
        var parent = tree.Add(tree.Add(TokenTree.Anchor, Texts.Tokens("d")[0], 0.5f, isSampled: true), Texts.Tokens("e")[0], 0.5f, isSampled: true);
        drafter.Propose(Texts.Tokens("de"), tree, parent, 2);
        Assert.That(tree.Letters(), Is.EqualTo("defa"));
        Assert.That(tree.Parents.ToArray(), Is.EqualTo([-1, 0, 1, 2]));
        Assert.That(tree.IsSampled.ToArray(), Is.EqualTo([1, 1, 0, 0]));
    }

    [Test]
    public void DepthAndRoomAreRespected()
    {
        var drafter = Filled("abcdefghabc");
        Assert.That(drafter.Propose(3).Count, Is.EqualTo(3));
        Assert.That(drafter.Propose(9, capacity: 2).Count, Is.EqualTo(2));
        Assert.That(drafter.Propose(0).Count, Is.Zero);
    }

    [Test]
    public void AChildThatIsThereIsNotAddedAgain()
    {
        var drafter = Filled("abcdefabc");
        var tree = drafter.Propose(2);
        drafter.Propose([], tree, TokenTree.Anchor, 3);
        Assert.That(tree.Paths(), Is.EqualTo(["def"]));
    }

    [Test]
    public void ConfidenceGrowsWithTheMatchAndWithAgreement()
    {
        Assert.That(First("bcdeqqabcdqbcd"), Is.GreaterThan(0).And.LessThan(First("abcdeqqabcd")));
        Assert.That(First("xyzaxyzbxyz"), Is.LessThan(First("xyzaxyz")));
        Assert.That(First("xyzaxyzaxyz"), Is.GreaterThan(First("xyzaxyz")));
        Assert.That(First(new string('a', 60)), Is.LessThanOrEqualTo(1));

        static float First(string text) => Filled(text).Propose(1).Probabilities[0];
    }

    [Test]
    public void BranchesShowWhereContinuationsDiffer()
    {
        const string Text = "xyzabcq" + "xyzabdr" + "xyzabcq" + "sxyz";
        var branching = new SuffixAutomatonOptions { MaximumBranches = 1 };
        Assert.That(Filled(Text).Propose(4).Paths(), Is.EqualTo(["abcq"]));
        Assert.That(Filled(Text, branching).Propose(4).Paths(), Is.EquivalentTo(["abcq", "abdr"]));
        Assert.That(Filled(Text, branching).Propose(4, capacity: 5).Paths(), Is.EquivalentTo(["abcq", "abd"]), "no room for more");
        Assert.That(Filled(Text, branching).Propose(4, capacity: 4).Paths(), Is.EqualTo(["abcq"]), "a full tree");
        Assert.That(Filled("abcdeabc", branching with { MaximumBranches = 4 }).Propose(2).Paths(), Is.EqualTo(["de"]), "unanimous");
    }

    [Test]
    public void AnotherRequestStartsWithNothing()
    {
        var drafter = Filled("abcdabc");
        drafter.Begin();
        Assert.That(drafter.Propose(4).Count, Is.Zero);
        drafter.Append(Texts.Tokens("abc"));
        Assert.That(drafter.Propose(4).Count, Is.Zero);
    }

    [Test]
    public void OfALongTextTheEndIsRemembered()
    {
        var drafter = Filled("pqrst" + new string('z', 20) + "abcdefghabc", new SuffixAutomatonOptions { MaximumTokens = 24 });
        Assert.That(drafter.Propose(4).Letters(), Is.EqualTo("defg"));
        Assert.That(drafter.Propose(4, "pqr").Count, Is.Zero);
    }

    [Test]
    public void NothingIsAllocatedByARound()
    {
        var drafter = Filled("abcabdabcabdabc", new SuffixAutomatonOptions { MaximumTokens = 32, MaximumBranches = 2 });
        var tree = new TokenTree(16, Texts.Vocabulary);
        Assert.That(Texts.AllocatedByWarmRounds(Round), Is.Zero);

        void Round(int _)
        {
            tree.Clear();
            drafter.Propose([0, 1], tree, TokenTree.Anchor, 8);
            drafter.Append([0, 1, 2]);
        }
    }

    [Test]
    public void OptionsOutOfRangeAreNamed()
    {
        Assert.That(() => new SuffixAutomatonDrafter(new SuffixAutomatonOptions { MinimumMatch = 0 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MinimumMatch"));
        Assert.That(() => new SuffixAutomatonDrafter(new SuffixAutomatonOptions { MaximumTokens = 1 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MaximumTokens"));
        Assert.That(() => new SuffixAutomatonDrafter(new SuffixAutomatonOptions { MaximumBranches = 17 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MaximumBranches"));
    }

    private static SuffixAutomatonDrafter Filled(string text, SuffixAutomatonOptions? options = null)
    {
        var drafter = new SuffixAutomatonDrafter((options ?? new SuffixAutomatonOptions()) with { MaximumTokens = options?.MaximumTokens is { } given and < 65_536 ? given : 256 });
        drafter.Append(Texts.Tokens(text));
        return drafter;
    }
}
