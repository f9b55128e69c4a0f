using System.Text;
using FsCheck.Fluent;
using LlamaSpec.Engine;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>Tokens are letters here: "abc" is 0, 1, 2.</summary>
public class StopConditionsTests
{
    [Test]
    public void TheTextIsCutBeforeTheStopText() =>
        Assert.That(Run("xyabcz", ["abc"]), Is.EqualTo(("xy", FinishReason.StopText, 5)));

    [Test]
    public void WhatMayBeTheStartOfAStopTextIsHeldBack()
    {
        var stop = Conditions(["abc"]);
        var released = "xabxabc".Select(letter =>
        {
            stop.Add(letter - 'a');
            return stop.ReleasedBytes;
        });
        Assert.That(released, Is.EqualTo(new long[] { 1, 1, 1, 4, 4, 4, 4 }));
    }

    [Test]
    public void AStopTextMaySpanTokensAndEndInsideOne()
    {
        var tokenizer = new CharacterTokenizer(26);
        tokenizer.Pieces[0] = "xE"u8.ToArray();
        tokenizer.Pieces[1] = "ND.y"u8.ToArray();
        var stop = new StopConditions(new GenerationRequest { StopTexts = ["END."] }, tokenizer);
        Assert.That((stop.Add(0), stop.ReleasedBytes), Is.EqualTo(((FinishReason?)null, 1L)));
        Assert.That((stop.Add(1), stop.ReleasedBytes), Is.EqualTo(((FinishReason?)FinishReason.StopText, 1L)));
    }

    [TestCase("ab", "b")]
    [TestCase("b", "ab")]
    public void OfStopTextsThatEndTogetherTheLongestCuts(string first, string second) =>
        Assert.That(Run("xabz", [first, second]), Is.EqualTo(("x", FinishReason.StopText, 3)));

    [Test]
    public void AShorterStopTextInsideALongerOneEndsFirst() =>
        Assert.That(Run("abcdz", ["abcd", "bc"]), Is.EqualTo(("a", FinishReason.StopText, 3)));

    [Test]
    public void WithoutStopTextsEverythingIsReleased()
    {
        var stop = Conditions([]);
        Assert.That(stop.Add(3), Is.Null);
        Assert.That(stop.ReleasedBytes, Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void TheTokenLimitEndsTheText() =>
        Assert.That(Run("abcdef", [], maximumTokens: 3), Is.EqualTo(("abc", FinishReason.TokenLimit, 3)));

    [Test]
    public void AStopTextInTheLastTokenIsAStopText() =>
        Assert.That(Run("xab", ["ab"], maximumTokens: 3), Is.EqualTo(("x", FinishReason.StopText, 3)));

    [Test]
    public void RemainingTokensAreCountedDown()
    {
        var stop = new StopConditions(new GenerationRequest { MaximumTokens = 5 }, new CharacterTokenizer(26));
        stop.Add(1);
        Assert.That(stop.RemainingTokens, Is.EqualTo(4));
    }

    [TestCase(false, true)]
    [TestCase(true, false)]
    public void EndOfTextCountsUnlessIgnored(bool ignored, bool isEnd)
    {
        var stop = new StopConditions(new GenerationRequest { IgnoreEndOfText = ignored }, new CharacterTokenizer(26, hasEnd: true));
        Assert.That(stop.IsEndOfText(0), Is.EqualTo(isEnd));
        Assert.That(stop.IsEndOfText(1), Is.False);
    }

    [Test]
    public void AgreesWithANaiveSearchForSeveralStopTexts()
    {
        var letters = Gen.Choose('a', 'b').Select(value => (char)value);
        var cases =
            from texts in letters.ArrayOf().Where(text => text.Length is > 0 and < 7).Select(text => new string(text)).ArrayOf(3)
            from stream in letters.ArrayOf(40)
            select (Texts: texts, Stream: new string(stream));
        Property.Holds(cases, static pair => Assert.That(Run(pair.Stream, pair.Texts), Is.EqualTo(Naive(pair.Stream, pair.Texts))));
    }

    [Test]
    public void ReleasedBytesNeverGoBack() => Property.Holds(random =>
    {
        var stop = Conditions(["abab", "bba"]);
        var before = 0L;
        for (var i = 0; i < 30 && stop.Add(random.Next(2)) is null; i++)
        {
            Assert.That(stop.ReleasedBytes, Is.GreaterThanOrEqualTo(before));
            before = stop.ReleasedBytes;
        }
    });

    // The text that is shown, why it ended, and after how many tokens.
    private static (string Text, FinishReason? Reason, int TokenCount) Run(string letters, string[] stopTexts, int? maximumTokens = null)
    {
        var stop = Conditions(stopTexts, maximumTokens);
        for (var i = 0; i < letters.Length; i++)
        {
            if (stop.Add(letters[i] - 'a') is { } reason)
            {
                return (Shown(letters[..(i + 1)], stop), reason, i + 1);
            }
        }

        // A generation that ends without a stop text shows all that was held back.
        return (letters, null, letters.Length);
    }

    private static (string Text, FinishReason? Reason, int TokenCount) Naive(string letters, string[] stopTexts)
    {
        for (var end = 1; end <= letters.Length; end++)
        {
            var ended = stopTexts.Where(text => letters[..end].EndsWith(text, StringComparison.Ordinal)).ToArray();
            if (ended.Length > 0)
            {
                return (letters[..(end - ended.Max(text => text.Length))], FinishReason.StopText, end);
            }
        }

        return (letters, null, letters.Length);
    }

    private static string Shown(string letters, StopConditions stop) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(letters)[..(int)Math.Min(stop.ReleasedBytes, letters.Length)]);

    private static StopConditions Conditions(string[] stopTexts, int? maximumTokens = null) =>
        new(new GenerationRequest { StopTexts = stopTexts, MaximumTokens = maximumTokens }, new CharacterTokenizer(26));
}
