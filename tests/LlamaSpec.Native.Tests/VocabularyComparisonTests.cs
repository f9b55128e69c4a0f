using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class VocabularyComparisonTests
{
    private static readonly string[] Vocabulary = SyntheticModel.Vocabulary([.. Enumerable.Range(0, 30).Select(static i => $"word{i}")]);

    [Test]
    public void TheEmbeddedPairAgrees()
    {
        var comparison = VocabularyComparison.Compare(EmbeddedModels.Target.ReadTraits(), EmbeddedModels.Draft.ReadTraits());
        Assert.That(comparison.IsCompatible, Is.True);
        Assert.That(comparison.TokenMap, Is.Not.Null);
        Assert.That(comparison.ToString(), Is.EqualTo("the vocabularies agree"));
    }

    [Test]
    public void AModelAgreesWithItself()
    {
        var comparison = VocabularyComparison.Compare(EmbeddedModels.Target.ReadTraits(), EmbeddedModels.Target.ReadTraits());
        Assert.That((comparison.IsCompatible, comparison.TokenMap), Is.EqualTo((true, (TokenMap?)null)));
    }

    [Test]
    public void DifferentTokensAreShown()
    {
        var other = Vocabulary.ToArray();
        other[262] = "bird";
        other[270] = "fish";
        var comparison = Compare(SyntheticModel.WithVocabulary(Vocabulary), SyntheticModel.WithVocabulary(other));
        Assert.That(comparison.IsCompatible, Is.False);
        Assert.That(comparison.Differences, Is.EqualTo(new VocabularyDifference[] { new(262, "word2", "bird"), new(270, "word10", "fish") }));
        Assert.That(comparison.ToString(), Does.Contain("token 262 is \"word2\" in the target and \"bird\" in the draft"));
    }

    [Test]
    public void NoMoreDifferencesThanTheLimitAreShown()
    {
        var other = Vocabulary.Select(static (text, i) => i >= 260 ? text + "x" : text).ToArray();
        var comparison = Compare(SyntheticModel.WithVocabulary(Vocabulary), SyntheticModel.WithVocabulary(other));
        Assert.That(comparison.Differences, Has.Count.EqualTo(VocabularyComparison.DifferenceLimit));
    }

    [Test]
    public void SizesFarApartAreAReason()
    {
        string[] larger = [.. Vocabulary, .. Enumerable.Range(0, VocabularyComparison.SizeTolerance + 1).Select(static i => $"more{i}")];
        var comparison = Compare(SyntheticModel.WithVocabulary(Vocabulary), SyntheticModel.WithVocabulary(larger));
        Assert.That(comparison.Reason, Is.EqualTo($"the target has {Vocabulary.Length} tokens, the draft {larger.Length}"));
    }

    [Test]
    public void PaddingOfTheDraftIsNeverProposed()
    {
        var comparison = Compare(SyntheticModel.WithVocabulary(Vocabulary), SyntheticModel.WithVocabulary([.. Vocabulary, "pad0", "pad1"]));
        Assert.That(comparison.IsCompatible, Is.True);
        Assert.That(comparison.TokenMap!.RowsWithoutToken.ToArray(), Is.EqualTo(new[] { Vocabulary.Length, Vocabulary.Length + 1 }));
        Assert.That(comparison.TokenMap.ToTarget(Vocabulary.Length - 1), Is.EqualTo(Vocabulary.Length - 1));
    }

    [Test]
    public void TokensThatTheDraftLacksAreItsUnknownRow()
    {
        var comparison = Compare(SyntheticModel.WithVocabulary([.. Vocabulary, "more0", "more1"]), SyntheticModel.WithVocabulary(Vocabulary));
        Assert.That(comparison.IsCompatible, Is.True);
        Assert.That(comparison.TokenMap!.FromTarget(Vocabulary.Length + 1), Is.EqualTo(comparison.TokenMap.UnknownRow));
        Assert.That(comparison.TokenMap.ToTarget(comparison.TokenMap.UnknownRow), Is.EqualTo(-1));
    }

    [Test]
    public void DifferentSpecialTokensAreAReason()
    {
        var comparison = Compare(SyntheticModel.WithVocabulary(Vocabulary), SyntheticModel.WithVocabulary(Vocabulary, endToken: 1));
        Assert.That(comparison.Reason, Is.EqualTo("text ends with token 2 in the target and 1 in the draft"));
    }

    [Test]
    public void ADraftTrimmedForAnotherTargetIsAReason()
    {
        var draft = SyntheticModel.WithoutVocabulary(32)
            .Add(TokenMapReader.TokenMapKey, [.. Enumerable.Range(-1, 32)])
            .Add(TokenMapReader.UnknownTokenKey, 0)
            .Add(TokenMapReader.TargetVocabularySizeKey, 1000);
        var comparison = Compare(SyntheticModel.WithVocabulary(Vocabulary), draft);
        Assert.That(comparison.Reason, Does.Contain("trimmed for a target with 1000 tokens"));
        Assert.That(comparison.TokenMap, Is.Null);
    }

    [Test]
    public void ADraftWithNeitherVocabularyNorMapIsAReason()
    {
        var comparison = Compare(SyntheticModel.WithVocabulary(Vocabulary), SyntheticModel.WithoutVocabulary(32));
        Assert.That(comparison.Reason, Does.Contain("neither a vocabulary nor a token map"));
    }

    [Test]
    public void ATargetNeedsAVocabulary()
    {
        Assert.That(VocabularyComparison.Compare(EmbeddedModels.Draft.ReadTraits(), EmbeddedModels.Target.ReadTraits()).Reason, Does.Contain("the target has no vocabulary"));
    }

    private static VocabularyComparison Compare(GgufWriter target, GgufWriter draft)
    {
        using var folder = new TemporaryFolder();
        target.Save(folder["target.gguf"]);
        draft.Save(folder["draft.gguf"]);
        using var loadedTarget = LlamaModel.Load(folder["target.gguf"]);
        using var loadedDraft = LlamaModel.Load(folder["draft.gguf"]);
        return VocabularyComparison.Compare(loadedTarget.ReadTraits(), loadedDraft.ReadTraits());
    }
}
