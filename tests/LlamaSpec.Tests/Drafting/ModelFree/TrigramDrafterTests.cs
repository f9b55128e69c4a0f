using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public class TrigramDrafterTests
{
    private static readonly TrigramTable Dense = Trigrams.Dense();

    [Test]
    public void ThePathThatAlwaysFollowsIsProposed()
    {
        var drafter = Filled(Trigrams.Table("abcdefgh"), "xab");
        Assert.That(drafter.Propose(8).Paths(), Is.EqualTo(["cdefg"]), "four tokens by search, and one more");
        Assert.That(drafter.Name, Is.EqualTo("trigram"));
    }

    [Test]
    public void LikelyPathsComeFirst()
    {
        // Seven times in ten cdef, else xyz.
        string[] corpus = [.. Enumerable.Repeat("abcdef", 7), .. Enumerable.Repeat("abxyz", 3)];
        Assert.That(Filled(Trigrams.Table(corpus), "ab", new TrigramSearchOptions { MaximumBranches = 1 }).Propose(4).Paths(), Is.EqualTo(["cdef"]));
        Assert.That(Filled(Trigrams.Table(corpus), "ab").Propose(4).Paths(), Is.EqualTo(["cdef", "xyz"]));
        Assert.That(Filled(Trigrams.Table(corpus), "ab", new TrigramSearchOptions { MaximumNodes = 2 }).Propose(4).Paths(), Is.EqualTo(["cd"]));
    }

    [Test]
    public void ATreeHasNoDoubleSiblingsAndItsParentsFirst() => Property.Holds(static random =>
    {
        var options = new TrigramSearchOptions
        {
            Method = (TrigramMethod)random.Next(2), Iterations = random.Next(1, 200), Depth = random.Next(1, 6), Prefixes = random.Next(1, 40),
            MaximumNodes = random.Next(1, 80), MaximumBranches = random.Next(1, 20),
        };
        var drafter = new TrigramDrafter(Dense, options, seed: (ulong)random.Next());
        drafter.Append([.. Enumerable.Range(0, 30).Select(_ => random.Next(20))]);
        var capacity = random.Next(1, 80);
        var maximumDepth = random.Next(0, 8);
        var tree = new TokenTree(capacity, Texts.Vocabulary);
        drafter.Propose([], tree, TokenTree.Anchor, maximumDepth);
        Assert.That(tree.Count, Is.LessThanOrEqualTo(options.Method == TrigramMethod.BestFirst ? options.MaximumNodes : Math.Min(options.MaximumNodes, 2 * options.Prefixes)));
        Assert.That(tree.Depth, Is.LessThanOrEqualTo(Math.Min(options.Depth + 1, maximumDepth)));
        Assert.That(tree.LeafCount, Is.LessThanOrEqualTo(options.MaximumBranches));
        Assert.That(tree.SampledCount, Is.Zero);
        for (var node = 0; node < tree.Count; node++)
        {
            Assert.That(tree.Parents[node], Is.LessThan(node));
            Assert.That(tree.Child(tree.Parents[node], tree.Tokens[node]), Is.EqualTo(node), "no sibling has the same token");
            Assert.That(tree.Probabilities[node], Is.GreaterThan(0).And.LessThan(1));
        }
    });

    [Test]
    public void APrefixBecomesOneTokenLonger()
    {
        // One iteration visits one prefix, the heaviest.
        var drafter = Filled(Trigrams.Table("abcdefgh"), "ab", new TrigramSearchOptions { Iterations = 1 });
        Assert.That(drafter.Propose(8).Paths(), Is.EqualTo(["cd"]));
        Assert.That(Filled(Trigrams.Table("abcdefgh"), "ab", new TrigramSearchOptions { Prefixes = 1 }).Propose(8).Paths(), Is.EqualTo(["cd"]));
    }

    [Test]
    public void TheSameSeedGivesTheSameDrafts()
    {
        var options = new TrigramSearchOptions { Iterations = 40, Prefixes = 12, Depth = 6 };
        var (one, same, other) = (Drafts(3), Drafts(3), Drafts(4));
        Assert.That(same, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));
        var again = new TrigramDrafter(Dense, options, seed: 3);
        Assert.That(Rounds(again), Is.EqualTo(one));
        again.Begin();
        Assert.That(Rounds(again), Is.EqualTo(one), "another request begins as the first did");

        string[] Drafts(ulong seed) => Rounds(new TrigramDrafter(Dense, options, seed: seed));

        static string[] Rounds(TrigramDrafter drafter) => [.. Enumerable.Range(0, 20).Select(round =>
        {
            drafter.Append([round % 7, (round * 3) % 11]);
            return string.Join(' ', drafter.Propose(6).Paths());
        })];
    }

    [Test]
    public void MoreIterationsFindABetterTreeOfTheSameSize()
    {
        var (few, some, many) = (AverageWorth(6), AverageWorth(30), AverageWorth(150));
        Assert.That(some, Is.GreaterThan(1.01 * few));
        Assert.That(many, Is.GreaterThan(1.01 * some));

        static double AverageWorth(int iterations) =>
            Enumerable.Range(0, 200).Average(seed => Worth(Propose(Dense, seed, new TrigramSearchOptions { Iterations = iterations, MaximumNodes = 8 })));
    }

    [Test]
    public void BestFirstFindsTheBestTreeOfItsSize()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var best = Propose(Dense, seed, new TrigramSearchOptions { Method = TrigramMethod.BestFirst, MaximumNodes = 8 });
            var found = Propose(Dense, seed, new TrigramSearchOptions { MaximumNodes = 8 });
            Assert.That(best.Count, Is.EqualTo(8));
            Assert.That(Worth(best), Is.GreaterThanOrEqualTo(Worth(found) - 1e-9), $"seed {seed}");
        }

        string[] corpus = [.. Enumerable.Repeat("abcdefgh", 7), .. Enumerable.Repeat("abxyz", 3)];
        Assert.That(Filled(Trigrams.Table(corpus), "ab", new TrigramSearchOptions { Method = TrigramMethod.BestFirst }).Propose(9).Paths(), Is.EqualTo(["cdefg", "xyz"]));
    }

    [Test]
    public void TheTextItselfIsLearnedOnceARound()
    {
        var drafter = Filled(null, "abcdab");
        var first = drafter.Propose(1);
        Assert.That(first.Letters(), Is.EqualTo("c"));
        Assert.That(drafter.Propose(1).Probabilities[0], Is.EqualTo(first.Probabilities[0]), "no token came since");
        drafter.Append([]);
        Assert.That(drafter.Propose(1).Probabilities[0], Is.EqualTo(first.Probabilities[0]), "nothing came since");
        drafter.Append(Texts.Tokens("cdab"));
        Assert.That(drafter.Propose(1).Probabilities[0], Is.GreaterThan(first.Probabilities[0]));
    }

    [Test]
    public void PendingTokensLeadTheSearchAndTeachNothing()
    {
        var drafter = Filled(Trigrams.Table("abcdef"), "xa");
        Assert.That(drafter.Propose(2, "b").Paths(), Is.EqualTo(["cd"]));
        Assert.That(drafter.Propose(2, "bcd").Paths(), Is.EqualTo(["ef"]));
        Assert.That(drafter.Propose(2, "qrsqrsq").Count, Is.Zero);
        Assert.That(drafter.Propose(2).Count, Is.Zero, "x a was never seen");
    }

    [Test]
    public void ATailHasItsParentsBranches()
    {
        var tree = new TokenTree(32, Texts.Vocabulary);
        var parent = tree.Add(TokenTree.Anchor, Texts.Tokens("b")[0], 0.5f, isSampled: true);
        string[] corpus = [.. Enumerable.Repeat("abcd", 3), "abxy", "abpq"];
        Filled(Trigrams.Table(corpus), "xa", new TrigramSearchOptions { MaximumBranches = 2 }).Propose(Texts.Tokens("b"), tree, parent, 2);
        Assert.That(tree.Paths(), Has.Length.EqualTo(2).And.Member("bcd"));
    }

    [Test]
    public void AChildThatIsThereIsNotAddedAgain()
    {
        var drafter = Filled(Trigrams.Table("abcdefgh"), "xab");
        var tree = drafter.Propose(2);
        drafter.Propose([], tree, TokenTree.Anchor, 4);
        Assert.That(tree.Paths(), Is.EqualTo(["cdef"]));
    }

    [Test]
    public void OnlyTheLastTokensOfTheTextAreRead()
    {
        var drafter = new TrigramDrafter(null);
        drafter.Append(Texts.Tokens("abcq"));
        drafter.Append(Texts.Tokens(new string('z', 14)));
        drafter.Append(Texts.Tokens("ab"));
        Assert.That(drafter.Propose(1).Count, Is.Zero, "abc lies too far back");
        drafter.Append(Texts.Tokens("c" + "ab"));
        Assert.That(drafter.Propose(1).Letters(), Is.EqualTo("c"));
        drafter.Begin();
        drafter.Append(Texts.Tokens("b"));
        Assert.That(drafter.Propose(1).Count, Is.Zero, "one token is no pair");
        Assert.That(drafter.Propose(1, "c").Count, Is.Zero, "forgotten");
    }

    [Test]
    public void ATimeBudgetEndsTheSearch()
    {
        var options = new TrigramSearchOptions { TimeBudget = TimeSpan.FromMilliseconds(1) };
        Assert.That(Count(0), Is.EqualTo(Count(null)), "time stands still");
        Assert.That(Count(0.4), Is.InRange(1, Count(null) - 1), "some iterations");
        Assert.That(Count(2), Is.Zero, "none");

        int Count(double? millisecondsPerLook) =>
            Filled(Dense, "ab", millisecondsPerLook is null ? new TrigramSearchOptions() : options, new SteppingTime(millisecondsPerLook ?? 0)).Propose(8).Count;
    }

    [TestCase(TrigramMethod.TreeSearch)]
    [TestCase(TrigramMethod.BestFirst)]
    public void NothingIsAllocatedByARound(TrigramMethod method)
    {
        var drafter = new TrigramDrafter(Dense, new TrigramSearchOptions { Method = method, TimeBudget = TimeSpan.FromSeconds(60) }, new TrigramOverlayOptions { MaximumTrigrams = 64 });
        var tree = new TokenTree(64, Texts.Vocabulary);
        Assert.That(Texts.AllocatedByWarmRounds(Round), Is.Zero);
        Assert.That(tree.Count, Is.GreaterThan(20));

        void Round(int i)
        {
            drafter.Append([i % 13, i % 7, i % 11]);
            tree.Clear();
            drafter.Propose([], tree, TokenTree.Anchor, 8);
        }
    }

    [Test]
    public void OptionsOutOfRangeAreNamed()
    {
        TrigramSearchOptions[] wrong =
        [
            new() { Method = (TrigramMethod)2 }, new() { Iterations = 0 }, new() { Depth = 33 }, new() { ExplorationBase = double.NaN }, new() { ExplorationGrowth = 0 }, new() { Prefixes = 0 },
            new() { MaximumNodes = 0 }, new() { MaximumBranches = 0 }, new() { TimeBudget = TimeSpan.Zero },
        ];
        string[] names = ["Method", "Iterations", "Depth", "ExplorationBase", "ExplorationGrowth", "Prefixes", "MaximumNodes", "MaximumBranches", "TimeBudget"];
        for (var i = 0; i < wrong.Length; i++)
        {
            Assert.That(() => new TrigramDrafter(null, wrong[i]), Throws.InstanceOf<ArgumentException>().With.Message.Contains(names[i]));
        }
    }

    private static TrigramDrafter Filled(TrigramTable? table, string text, TrigramSearchOptions? options = null, TimeProvider? time = null)
    {
        var drafter = new TrigramDrafter(table, options, time: time);
        drafter.Append(Texts.Tokens(text));
        return drafter;
    }

    private static TokenTree Propose(TrigramTable table, int seed, TrigramSearchOptions options)
    {
        var drafter = new TrigramDrafter(table, options, seed: (ulong)seed);
        drafter.Append([seed % 20, seed * 7 % 20]);
        return drafter.Propose(8);
    }

    // What a tree is worth: the tokens of it, by the table, that the text is expected to go on with.
    private static double Worth(TokenTree tree)
    {
        var reach = new double[tree.Count];
        for (var node = 0; node < tree.Count; node++)
        {
            reach[node] = tree.Probabilities[node] * (tree.Parents[node] < 0 ? 1 : reach[tree.Parents[node]]);
        }

        return reach.Sum();
    }

    private sealed class SteppingTime(double millisecondsPerLook) : TimeProvider
    {
        private double _milliseconds;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)(1000 * (_milliseconds += millisecondsPerLook));
    }
}
