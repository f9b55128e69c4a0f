using System.Text;
using LlamaSpec.Engine;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

public class TextStreamerTests
{
    private const long Everything = long.MaxValue;

    [Test]
    public void PlainTokensAreShownAtOnce() =>
        Assert.That(Stream([[(byte)'h'], [(byte)'i']]), Is.EqualTo(new[] { "h", "i", "" }));

    [Test]
    public void ACharacterAcrossTokensIsShownWhole()
    {
        var bytes = "é"u8.ToArray();
        Assert.That(Stream([[(byte)'x', bytes[0]], [bytes[1], (byte)'y']]), Is.EqualTo(new[] { "x", "éy", "" }));
    }

    [Test]
    public void AnEmojiInFourTokensComesWithTheLast() =>
        Assert.That(Stream([.. "🦙"u8.ToArray().Select(value => new[] { value })]), Is.EqualTo(new[] { "", "", "", "🦙", "" }));

    [Test]
    public void InvalidBytesBecomeReplacementCharacters() =>
        Assert.That(Stream([[0xFF], [(byte)'a'], [0xC3, (byte)'b']]), Is.EqualTo(new[] { "\uFFFD", "a", "\uFFFDb", "" }));

    [Test]
    public void AnUnfinishedCharacterAtTheEndBecomesAReplacementCharacter() =>
        Assert.That(Stream([[(byte)'a', 0xF0, 0x9F]]), Is.EqualTo(new[] { "a", "\uFFFD" }));

    [Test]
    public void ATokenWithoutBytesShowsNothing() =>
        Assert.That(Stream([[], [(byte)'a'], []]), Is.EqualTo(new[] { "", "a", "", "" }));

    [Test]
    public void HeldBackBytesAreShownWhenTheyAreReleased()
    {
        var streamer = new TextStreamer(new CharacterTokenizer(26));
        Assert.That(streamer.Add(0, releasedBytes: 1), Is.EqualTo("a"));
        Assert.That(streamer.Add(1, releasedBytes: 1), Is.Empty);
        Assert.That(streamer.Add(2, releasedBytes: 1), Is.Empty);
        Assert.That(streamer.Add(3, releasedBytes: 3), Is.EqualTo("bc"));
        Assert.That(streamer.Finish(Everything), Is.EqualTo("d"));
    }

    [Test]
    public void WhatIsNotReleasedAtTheEndIsNeverShown()
    {
        var streamer = new TextStreamer(new CharacterTokenizer(26));
        streamer.Add(0, releasedBytes: 1);
        streamer.Add(1, releasedBytes: 1);
        Assert.That(streamer.Finish(1), Is.Empty);
    }

    [Test]
    public void ReleaseInsideACharacterWaitsForTheRest()
    {
        var tokenizer = new CharacterTokenizer(26);
        tokenizer.Pieces[0] = "€"u8.ToArray();
        var streamer = new TextStreamer(tokenizer);
        Assert.That(streamer.Add(0, releasedBytes: 2), Is.Empty);
        Assert.That(streamer.Finish(Everything), Is.EqualTo("€"));
    }

    [Test]
    public void AnySplitOfAnyBytesShowsTheirText() => Property.Holds(random =>
    {
        byte[][] pieces = ["a"u8.ToArray(), "é"u8.ToArray(), "€"u8.ToArray(), "🦙"u8.ToArray(), [0xFF], [0xE2, 0x82]];
        var bytes = Enumerable.Range(0, random.Next(12)).SelectMany(_ => pieces[random.Next(pieces.Length)]).ToArray();
        List<byte[]> tokens = [];
        for (var start = 0; start < bytes.Length;)
        {
            var end = Math.Min(bytes.Length, start + random.Next(1, 5));
            tokens.Add(bytes[start..end]);
            start = end;
        }

        Assert.That(string.Concat(Stream(tokens)), Is.EqualTo(Encoding.UTF8.GetString(bytes)));
    });

    // The text shown after each token, and at the end.
    private static string[] Stream(List<byte[]> tokens)
    {
        var tokenizer = new CharacterTokenizer(256);
        var streamer = new TextStreamer(tokenizer);
        List<string> shown = [];
        for (var token = 0; token < tokens.Count; token++)
        {
            tokenizer.Pieces[token] = tokens[token];
            shown.Add(streamer.Add(token, Everything));
        }

        return [.. shown, streamer.Finish(Everything)];
    }
}
