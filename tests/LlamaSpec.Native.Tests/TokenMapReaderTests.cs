using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class TokenMapReaderTests
{
    [Test]
    public void TheEmbeddedDraftsMapNamesItsTargetsTokens()
    {
        var map = TokenMapReader.TryRead(EmbeddedModels.Draft)!;
        Assert.That(map.RowCount, Is.EqualTo(8192));
        Assert.That(map.TargetVocabularySize, Is.EqualTo(49152));
        Assert.That(map.ToTarget(map.UnknownRow), Is.EqualTo(-1));
        foreach (var row in Enumerable.Range(0, map.RowCount).Where(row => map.ToTarget(row) >= 0))
        {
            Assert.That(map.FromTarget(map.ToTarget(row)), Is.EqualTo(row));
        }
    }

    [Test]
    public void AModelWithAVocabularyHasNoMap() => Assert.That(TokenMapReader.TryRead(EmbeddedModels.Target), Is.Null);

    [Test]
    public void AnIntactMapIsRead()
    {
        var map = Read(4, [7, -1, 3, 9], unknownToken: 1, targetSize: 10)!;
        Assert.That(map.FromTarget(3), Is.EqualTo(2));
        Assert.That(map.FromTarget(4), Is.EqualTo(1));
    }

    [Test]
    public void AMapOfAnotherLengthIsRefused() => AssertRefused(5, [7, -1, 3, 9], 1, 10, "has 4 entries, but the draft has 5 rows");

    [Test]
    public void AnEntryBeyondTheTargetIsRefused() => AssertRefused(2, [-1, 10], 0, 10, "token 10, but the target has 10 tokens");

    [Test]
    public void AnEntryBelowNoneIsRefused() => AssertRefused(2, [-1, -2], 0, 10, "token -2");

    [Test]
    public void ATokenNamedTwiceIsRefused() => AssertRefused(3, [-1, 5, 5], 0, 10, "target token 5 twice");

    [Test]
    public void AnUnknownTokenOutsideTheRowsIsRefused() => AssertRefused(2, [-1, 5], 2, 10, "unknown token 2 is not one of its 2 rows");

    [Test]
    public void AMapWithoutItsCompanionsIsRefused()
    {
        using var folder = new TemporaryFolder();
        new GgufWriter().Add(TokenMapReader.TokenMapKey, [1, 2]).Save(folder["map.gguf"]);
        Assert.That(() => TokenMapReader.TryRead(folder["map.gguf"], 2), Throws.TypeOf<ModelFailureException>().With.Message.Contains(TokenMapReader.UnknownTokenKey));
    }

    [Test]
    public void AMapOfAnotherTypeIsRefused()
    {
        using var folder = new TemporaryFolder();
        new GgufWriter().Add(TokenMapReader.TokenMapKey, "1 2 3").Save(folder["map.gguf"]);
        Assert.That(() => TokenMapReader.TryRead(folder["map.gguf"], 2), Throws.TypeOf<ModelFailureException>().With.Message.Contains("is not an array of int32"));
    }

    [Test]
    public void ASizeBeyondThirtyTwoBitsIsRefused()
    {
        using var folder = new TemporaryFolder();
        new GgufWriter().Add(TokenMapReader.TokenMapKey, [-1]).Add(TokenMapReader.UnknownTokenKey, 0)
            .Add(TokenMapReader.TargetVocabularySizeKey, 1L << 40).Save(folder["map.gguf"]);
        Assert.That(() => TokenMapReader.TryRead(folder["map.gguf"], 1), Throws.TypeOf<ModelFailureException>().With.Message.Contains("1099511627776"));
    }

    private static void AssertRefused(int rowCount, int[] targetTokens, int unknownToken, int targetSize, string part)
    {
        Assert.That(() => Read(rowCount, targetTokens, unknownToken, targetSize), Throws.TypeOf<ModelFailureException>().With.Message.Contains(part));
    }

    private static TokenMap? Read(int rowCount, int[] targetTokens, int unknownToken, int targetSize)
    {
        using var folder = new TemporaryFolder();
        new GgufWriter()
            .Add(TokenMapReader.TokenMapKey, targetTokens)
            .Add(TokenMapReader.UnknownTokenKey, unknownToken)
            .Add(TokenMapReader.TargetVocabularySizeKey, targetSize)
            .Save(folder["map.gguf"]);
        return TokenMapReader.TryRead(folder["map.gguf"], rowCount);
    }
}
