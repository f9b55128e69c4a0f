using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public class NGramDrafterTests
{
    [Test]
    public void TheLatestContinuationOfTheLongestGramIsProposed() => Property.Holds(static random =>
    {
        var text = Texts.Draw(random, 60);
        var pending = Texts.Draw(random, 3);
        var drafter = new NGramDrafter(new NGramOptions { MaximumTokens = 64 });
        var split = random.Next(text.Length + 1);
        drafter.Append(text.AsSpan(0, split));
        drafter.Append(text.AsSpan(split));
        var tree = new TokenTree(16, Texts.Vocabulary);
        drafter.Propose(pending, tree, TokenTree.Anchor, 10);
        Assert.That(tree.Tokens.ToArray(), Is.EqualTo(Expected(text, pending, 10)));
        Assert.That(tree.IsChain, Is.True);
        Assert.That(tree.SampledCount, Is.Zero);
    });

    [Test]
    public void LongerAndSteadierMatchesAreTrustedMore()
    {
        Assert.That(First("abcdxqabcd"), Is.GreaterThan(First("cdxqcd")));
        Assert.That(First("abxqabxqab"), Is.GreaterThan(First("abxqab")));
        Assert.That(First("abyqabxrab"), Is.LessThan(First("abxqab")).And.GreaterThan(0));

        static float First(string text) => Filled(text).Propose(1).Probabilities[0];
    }

    [Test]
    public void DepthAndRoomAreRespected()
    {
        var drafter = Filled("abcdefghab");
        Assert.That(drafter.Propose(3).Letters(), Is.EqualTo("cde"));
        Assert.That(drafter.Propose(9, capacity: 2).Letters(), Is.EqualTo("cd"));
        Assert.That(drafter.Propose(0).Count, Is.Zero);
        Assert.That(drafter.Name, Is.EqualTo("ngram"));
    }

    [Test]
    public void AnotherRequestStartsWithNothing()
    {
        var drafter = Filled("abcdab");
        drafter.Begin();
        drafter.Append(Texts.Tokens("ab"));
        Assert.That(drafter.Propose(4).Count, Is.Zero);
    }

    [Test]
    public void AtTheBoundTheOlderHalfIsForgotten()
    {
        var drafter = Filled("pqrs" + new string('z', 28) + "abcdefab");
        Assert.That(drafter.Propose(3).Letters(), Is.EqualTo("cde"));
        Assert.That(drafter.Propose(3, "pq").Count, Is.Zero);
        Assert.That(drafter.Propose(3, "zz").Letters(), Is.EqualTo("abc"));
        var whole = Filled(string.Concat(Enumerable.Repeat("abcdefgh", 9)));
        Assert.That(whole.Propose(3).Letters(), Is.EqualTo("abc"), "more at once than is remembered");
    }

    [Test]
    public void NothingIsAllocatedByARound()
    {
        var drafter = Filled("abcabdabc");
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
        Assert.That(() => new NGramDrafter(new NGramOptions { LongestGram = 17 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("LongestGram"));
        Assert.That(() => new NGramDrafter(new NGramOptions { ShortestGram = 5 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("ShortestGram"));
        Assert.That(() => new NGramDrafter(new NGramOptions { MaximumTokens = 31 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("MaximumTokens"));
    }

    // Four tokens down to two: the latest earlier place in the text, copied, and over again where the text ends.
    private static int[] Expected(int[] text, int[] pending, int depth)
    {
        int[] whole = [.. text, .. pending];
        for (var length = 4; length >= 2; length--)
        {
            for (var position = text.Length - 1; position >= length && whole.Length >= length; position--)
            {
                if (text.AsSpan(position - length, length).SequenceEqual(whole.AsSpan(whole.Length - length)))
                {
                    List<int> copied = [.. whole];
                    for (var i = 0; i < depth; i++)
                    {
                        copied.Add(copied[position + i]);
                    }

                    return [.. copied.Skip(whole.Length)];
                }
            }
        }

        return [];
    }

    private static NGramDrafter Filled(string text)
    {
        var drafter = new NGramDrafter(new NGramOptions { MaximumTokens = 32 });
        drafter.Append(Texts.Tokens(text));
        return drafter;
    }
}
