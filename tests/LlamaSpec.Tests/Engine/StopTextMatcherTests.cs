using System.Text;
using FsCheck.Fluent;
using LlamaSpec.Engine;

namespace LlamaSpec.Tests.Engine;

/// <summary>The matcher against a search that looks at all bytes again after each one.</summary>
public class StopTextMatcherTests
{
    [Test]
    public void AgreesWithANaiveSearchOnRepetitiveTexts()
    {
        // Two letters, so that the text overlaps itself in every way.
        var cases =
            from text in Gen.Choose('a', 'b').Select(value => (char)value).ArrayOf().Where(text => text.Length is > 0 and < 8)
            from stream in Gen.Choose('a', 'b').Select(value => (char)value).ArrayOf(60)
            select (Text: new string(text), Stream: new string(stream));
        Property.Holds(cases, static pair =>
        {
            var matcher = new StopTextMatcher(pair.Text);
            for (var end = 1; end <= pair.Stream.Length; end++)
            {
                matcher.Add((byte)pair.Stream[end - 1]);
                var seen = pair.Stream[..end];
                Assert.That(matcher.IsComplete, Is.EqualTo(seen.EndsWith(pair.Text, StringComparison.Ordinal)));
                Assert.That(matcher.MatchedBytes, Is.EqualTo(LongestStartAtEnd(seen, pair.Text)));
            }
        });
    }

    [Test]
    public void OccurrencesMayOverlap()
    {
        var matcher = new StopTextMatcher("aba");
        var ends = "ababa".Select(value =>
        {
            matcher.Add((byte)value);
            return matcher.IsComplete;
        });
        Assert.That(ends, Is.EqualTo(new[] { false, false, true, false, true }));
    }

    [Test]
    public void LengthAndMatchesAreCountedInBytes()
    {
        var matcher = new StopTextMatcher("é€");
        Assert.That(matcher.Length, Is.EqualTo(5));
        foreach (var value in Encoding.UTF8.GetBytes("é€")[..4])
        {
            matcher.Add(value);
        }

        Assert.That((matcher.MatchedBytes, matcher.IsComplete), Is.EqualTo((4, false)));
    }

    private static int LongestStartAtEnd(string seen, string text) =>
        Enumerable.Range(0, text.Length + 1).Last(length => seen.EndsWith(text[..length], StringComparison.Ordinal));
}
