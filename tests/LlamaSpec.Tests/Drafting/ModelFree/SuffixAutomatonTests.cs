using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public class SuffixAutomatonTests
{
    [Test]
    public void TheLongestEarlierMatchIsFound() => Property.Holds(static random =>
    {
        var text = Texts.Draw(random, 60);
        var automaton = new SuffixAutomaton(64);
        for (var count = 0; count <= text.Length; count++)
        {
            Assert.That(automaton.Match.Length, Is.EqualTo(LongestMatch(text.AsSpan(0, count), text.AsSpan(0, Math.Max(0, count - 1)))), $"after {count} tokens");
            if (count < text.Length)
            {
                automaton.Append(text[count]);
            }
        }
    });

    [Test]
    public void AMatchIsAdvancedByTokensThatAreNotInTheText() => Property.Holds(static random =>
    {
        var text = Texts.Draw(random, 60);
        var pending = Texts.Draw(random, 8);
        var automaton = Filled(text, 64);
        var match = automaton.Match;
        for (var count = 1; count <= pending.Length; count++)
        {
            match = automaton.Advance(match, pending[count - 1]);
            Assert.That(match.Length, Is.EqualTo(LongestMatch([.. text, .. pending[..count]], text)), $"after {count} pending tokens");
        }

        Assert.That(automaton.Count, Is.EqualTo(text.Length));
    });

    // From the second on, inserted tokens can also match each other.
    [Test]
    public void AdvancingFindsWhatInsertingFinds() => Property.Holds(static random =>
    {
        var text = Texts.Draw(random, 60);
        int[] pending = [.. text.Skip(random.Next(text.Length + 1)).Take(random.Next(6))];
        var advanced = Filled(text, 128);
        var inserted = Filled(text, 128);
        var match = advanced.Match;
        for (var i = 0; i < pending.Length; i++)
        {
            match = advanced.Advance(match, pending[i]);
            inserted.Append(pending[i]);
            Assert.That(inserted.Match.Length, i == 0 ? Is.EqualTo(match.Length) : Is.GreaterThanOrEqualTo(match.Length));
        }
    });

    [Test]
    public void ContinuationsAreCountedExactly() => Property.Holds(static random =>
    {
        // Some letter often: without it no end of the text is repeated 32 times over, which is where counting stops.
        var text = Texts.Draw(random, 30);
        var automaton = Filled(text, 32);
        var match = automaton.Match;
        var known = automaton.TryContinue(ref match, out var best);
        Assert.That(known, Is.EqualTo(match.Length > 0));
        if (!known)
        {
            return;
        }

        var counts = Followers(text, text[^match.Length..]);
        Assert.That(best.Total, Is.EqualTo(counts.Values.Sum()));
        Assert.That(best.Count, Is.EqualTo(counts.Values.Max()).And.EqualTo(counts[best.Token]));
        Assert.That(automaton.TrySecond(match, out var second), Is.EqualTo(counts.Count > 1));
        if (counts.Count > 1)
        {
            counts.Remove(best.Token);
            Assert.That(second.Count, Is.EqualTo(counts.Values.Max()).And.EqualTo(counts[second.Token]));
        }
    });

    [Test]
    public void OfEquallyFrequentContinuationsTheLatestIsBest()
    {
        var automaton = Filled(Texts.Tokens("xyaxybxy"), 16);
        var match = automaton.Match;
        Assert.That(automaton.TryContinue(ref match, out var best), Is.True);
        Assert.That((match.Length, best), Is.EqualTo((2, new SuffixContinuation('b' - 'a', 1, 2))));
    }

    [Test]
    public void AtTheBoundTheOlderHalfIsForgotten() => Property.Holds(static random =>
    {
        var text = Texts.Draw(random, 100);
        var automaton = new SuffixAutomaton(16);
        for (var i = 0; i < text.Length; i++)
        {
            automaton.Append(text[i]);
            Assert.That(automaton.Count, Is.EqualTo(i < 16 ? i + 1 : 9 + ((i - 16) % 8)));
            var kept = text.AsSpan(i + 1 - automaton.Count, automaton.Count);
            Assert.That(automaton.Match.Length, Is.EqualTo(LongestMatch(kept, kept[..^1])));
        }
    });

    [Test]
    public void TheLargestAutomataFitTheirArrays()
    {
        // Texts with the most states (abbb..b) and the most transitions (abb..bc), and one without repetitions.
        foreach (var text in (string[])["a" + new string('b', 63), "a" + new string('b', 62) + "c", new string('a', 64)])
        {
            Assert.That(() => Filled(Texts.Tokens(text), 64), Throws.Nothing);
        }

        Assert.That(Filled([.. Enumerable.Range(0, 64)], 64).Match.Length, Is.Zero);
        Assert.That(Filled(Texts.Tokens("ab"), 2).Count, Is.EqualTo(2));
    }

    [Test]
    public void AClearedAutomatonKnowsNothing()
    {
        var automaton = Filled(Texts.Tokens("abcabc"), 16);
        automaton.Clear();
        Assert.That((automaton.Count, automaton.Match.Length), Is.EqualTo((0, 0)));
        automaton.Append(0);
        Assert.That(automaton.Match.Length, Is.Zero, "the a was forgotten");
        automaton.Append(0);
        Assert.That(automaton.Match.Length, Is.EqualTo(1));
    }

    [TestCase(1)]
    [TestCase((1 << 24) + 1)]
    public void ABoundOutOfRangeIsNamed(int tokens) =>
        Assert.That(() => new SuffixAutomaton(tokens), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("maximumTokens"));

    internal static SuffixAutomaton Filled(int[] text, int maximumTokens)
    {
        var automaton = new SuffixAutomaton(maximumTokens);
        foreach (var token in text)
        {
            automaton.Append(token);
        }

        return automaton;
    }

    // Tokens of the longest end of the text that occurs in another.
    private static int LongestMatch(ReadOnlySpan<int> text, ReadOnlySpan<int> other)
    {
        for (var length = Math.Min(text.Length, other.Length); length > 0; length--)
        {
            if (other.IndexOf(text[^length..]) >= 0)
            {
                return length;
            }
        }

        return 0;
    }

    private static Dictionary<int, int> Followers(int[] text, int[] match)
    {
        var counts = new Dictionary<int, int>();
        for (var end = match.Length; end < text.Length; end++)
        {
            if (text.AsSpan(end - match.Length, match.Length).SequenceEqual(match))
            {
                counts[text[end]] = counts.GetValueOrDefault(text[end]) + 1;
            }
        }

        return counts;
    }
}
