using LlamaSpec.Gguf;
using LlamaSpec.Models;
using LlamaSpec.Tests.Gguf;

namespace LlamaSpec.Tests.Models;

public sealed class TokenMapReaderTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void AnIntactMapIsRead()
    {
        var map = TokenMapReader.TryRead(Save(Draft(4, [7, -1, 3, 9], unknownToken: 1, targetSize: 10)))!;
        Assert.That((map.RowCount, map.TargetVocabularySize, map.UnknownRow), Is.EqualTo((4, 10, 1)));
        Assert.That(map.FromTarget(3), Is.EqualTo(2));
        Assert.That(map.FromTarget(4), Is.EqualTo(1));
    }

    [Test]
    public void AModelWithoutAMapHasNone() => Assert.That(TokenMapReader.TryRead(Save(new SmallGguf().With("general.architecture", "llama"))), Is.Null);

    [Test]
    public void AMapOfAnotherLengthIsRefused() => AssertRefused(Draft(5, [7, -1, 3, 9], 1, 10), "has 4 entries, but the draft has 5 rows");

    [Test]
    public void AnEntryBeyondTheTargetIsRefused() => AssertRefused(Draft(2, [-1, 10], 0, 10), "token 10, but the target has 10 tokens");

    [Test]
    public void AnEntryBelowNoneIsRefused() => AssertRefused(Draft(2, [-1, -2], 0, 10), "token -2");

    [Test]
    public void ATokenNamedTwiceIsRefused() => AssertRefused(Draft(3, [-1, 5, 5], 0, 10), "target token 5 twice");

    [Test]
    public void AnUnknownTokenOutsideTheRowsIsRefused() => AssertRefused(Draft(2, [-1, 5], 2, 10), "unknown token 2 is not one of its 2 rows");

    [Test]
    public void AnEmptyMapIsRefused() => AssertRefused(Draft(2, [], 0, 10), "has 0 entries");

    [Test]
    public void AMapWithoutItsCompanionsIsRefused()
    {
        AssertRefused(Rows(2).With(TokenMapReader.TokenMapKey, (int[])[1, 2]), TokenMapReader.UnknownTokenKey);
        AssertRefused(Rows(2).With(TokenMapReader.TokenMapKey, (int[])[1, 2]).With(TokenMapReader.UnknownTokenKey, 0), TokenMapReader.TargetVocabularySizeKey);
    }

    [Test]
    public void AMapOfAnotherTypeIsRefused() => AssertRefused(Rows(2).With(TokenMapReader.TokenMapKey, "1 2 3"), "is not an array of int32");

    [Test]
    public void ACompanionOfAnotherTypeIsRefused() =>
        AssertRefused(Draft(1, [-1], 0, 10).With(TokenMapReader.UnknownTokenKey, "0"), $"{TokenMapReader.UnknownTokenKey} is not an integer");

    [Test]
    public void ASizeBeyondThirtyTwoBitsIsRefused() => AssertRefused(Draft(1, [-1], 0, 10).With(TokenMapReader.TargetVocabularySizeKey, 1L << 40), "1099511627776");

    [Test]
    public void TheEmbeddingsCountTheRowsAndNotTheMetadata()
    {
        AssertRefused(Draft(3, [-1, 5], 0, 10).WithTensor(GgufFile.TokenEmbeddingName, TensorType.F32, new float[12], 4, 3), "2 entries, but the draft has 3 rows");
        var draft = Draft(7, [-1, 5, 6], 0, 10).WithTensor(GgufFile.TokenEmbeddingName, TensorType.F32, new float[12], 4, 3);
        Assert.That(TokenMapReader.TryRead(Save(draft))?.RowCount, Is.EqualTo(3));
    }

    [Test]
    public void ADraftWhoseRowsCannotBeCountedIsRefused() =>
        AssertRefused(new SmallGguf().With(TokenMapReader.TokenMapKey, (int[])[-1]), "cannot be checked");

    [Test]
    public void TheFirstPartOfAModelHasTheMapAndOthersAreNamed()
    {
        var first = Draft(2, [-1, 5], 0, 10).With(GgufFile.PartKey, (ushort)0).With(GgufFile.PartCountKey, (ushort)2);
        Assert.That(TokenMapReader.TryRead(Save(first))?.RowCount, Is.EqualTo(2));
        AssertRefused(new SmallGguf().With(GgufFile.PartKey, (ushort)1).With(GgufFile.PartCountKey, (ushort)2), "is part 2 of 2");
    }

    [Test]
    public void AMissingFileIsNamed() =>
        Assert.That(() => TokenMapReader.TryRead(_folder["none.gguf"]), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("none.gguf does not exist"));

    private static SmallGguf Rows(int count) => new SmallGguf().With("general.architecture", "llama").With("llama.vocab_size", (uint)count);

    private static SmallGguf Draft(int rowCount, int[] targetTokens, int unknownToken, int targetSize) => Rows(rowCount)
        .With(TokenMapReader.TokenMapKey, targetTokens)
        .With(TokenMapReader.UnknownTokenKey, unknownToken)
        .With(TokenMapReader.TargetVocabularySizeKey, targetSize);

    private string Save(SmallGguf draft) => draft.Save(_folder["draft.gguf"]);

    private void AssertRefused(SmallGguf draft, string part)
    {
        var path = Save(draft);
        Assert.That(() => TokenMapReader.TryRead(path), Throws.TypeOf<ModelFailureException>().With.Message.Contains(part));
    }
}
