using LlamaSpec.Models;

namespace LlamaSpec.Tests.Models;

public class TokenMapTests
{
    [Test]
    public void EveryMappedTokenMakesTheRoundTrip()
    {
        var random = new Random(1);
        var tokens = Enumerable.Range(0, 500).OrderBy(_ => random.Next()).Take(200).ToArray();
        var map = new TokenMap(tokens, unknownRow: 17, targetVocabularySize: 500);
        for (var row = 0; row < tokens.Length; row++)
        {
            if (row != 17)
            {
                Assert.That(map.FromTarget(map.ToTarget(row)), Is.EqualTo(row));
                Assert.That(map.ToTarget(row), Is.EqualTo(tokens[row]));
            }
        }
    }

    [Test]
    public void TokensThatTheDraftLacksAreFedAsTheUnknownRow()
    {
        var map = new TokenMap([4, -1, 6, 2], unknownRow: 2, targetVocabularySize: 8);
        Assert.That(Enumerable.Range(0, 8).Select(map.FromTarget), Is.EqualTo(new[] { 2, 2, 3, 2, 0, 2, 2, 2 }));
    }

    [Test]
    public void TheUnknownRowStandsForNoTokenEvenIfTheFileNamesOne()
    {
        var map = new TokenMap([4, -1, 6, 2], unknownRow: 2, targetVocabularySize: 8);
        Assert.That(map.ToTarget(2), Is.EqualTo(-1));
        Assert.That(map.ToTarget(1), Is.EqualTo(-1));
        Assert.That(map.RowsWithoutToken.ToArray(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That((map.RowCount, map.UnknownRow, map.TargetVocabularySize), Is.EqualTo((4, 2, 8)));
    }

    [Test]
    public void TheUnknownRowMayRepeatATokenOfAnotherRow() =>
        Assert.That(new TokenMap([5, 5], unknownRow: 1, targetVocabularySize: 8).FromTarget(5), Is.Zero);

    [TestCase(-1)]
    [TestCase(3)]
    public void AnUnknownRowThatDoesNotExistIsRefused(int unknownRow) =>
        Assert.That(
            () => new TokenMap([0, 1, 2], unknownRow, 8),
            Throws.InstanceOf<ModelFailureException>().With.Message.Contains($"unknown token {unknownRow} is not one of its 3 rows"));

    [TestCase(8)]
    [TestCase(-2)]
    public void ATokenThatTheTargetLacksIsRefused(int token) =>
        Assert.That(
            () => new TokenMap([0, token, 2], 0, 8),
            Throws.InstanceOf<ModelFailureException>().With.Message.Contains($"row 1 to token {token}").And.Message.Contains("the target has 8 tokens"));

    [Test]
    public void ATokenNamedTwiceIsRefusedWithBothRows() =>
        Assert.That(
            () => new TokenMap([0, 3, 1, 3], 0, 8),
            Throws.InstanceOf<ModelFailureException>().With.Message.Contains("token 3 twice (rows 1 and 3)"));

    [Test]
    public void ChangingTheGivenListLaterChangesNothing()
    {
        int[] tokens = [4, 5];
        var map = new TokenMap(tokens, 0, 8);
        tokens[1] = 7;
        Assert.That(map.ToTarget(1), Is.EqualTo(5));
    }
}
