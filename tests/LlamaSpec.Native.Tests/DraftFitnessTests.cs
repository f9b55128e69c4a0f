using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class DraftFitnessTests
{
    private static readonly string[] Vocabulary = SyntheticModel.Vocabulary("a", "b");

    [Test]
    public void TheEmbeddedPairFits()
    {
        var fitness = DraftFitness.Of(EmbeddedModels.Target.ReadTraits(), EmbeddedModels.Draft.ReadTraits());
        Assert.That((fitness.IsUsable, fitness.WhyUnusable), Is.EqualTo((true, (string?)null)));
        Assert.That(fitness.Vocabularies!.TokenMap, Is.Not.Null);
    }

    [Test]
    public void ARecurrentDraftDoesNotFit()
    {
        var fitness = Judge(SyntheticModel.WithVocabulary(Vocabulary), SyntheticModel.Recurrent(Vocabulary));
        Assert.That(fitness.IsUsable, Is.False);
        Assert.That(fitness.WhyUnusable, Does.StartWith("the draft is a recurrent model"));
        Assert.That(fitness.Vocabularies, Is.Null);
    }

    [Test]
    public void ARecurrentTargetTakesNoDraft()
    {
        var fitness = Judge(SyntheticModel.Recurrent(Vocabulary), SyntheticModel.WithVocabulary(Vocabulary));
        Assert.That(fitness.WhyUnusable, Does.StartWith("the target is a recurrent model"));
    }

    [Test]
    public void OtherVocabulariesDoNotFit()
    {
        var fitness = Judge(SyntheticModel.WithVocabulary(Vocabulary), SyntheticModel.WithVocabulary(SyntheticModel.Vocabulary("a", "c")));
        Assert.That(fitness.WhyUnusable, Is.EqualTo("the vocabularies spell tokens differently"));
        Assert.That(fitness.Vocabularies!.Differences, Has.Count.EqualTo(1));
    }

    private static DraftFitness Judge(GgufWriter target, GgufWriter draft)
    {
        using var folder = new TemporaryFolder();
        target.Save(folder["target.gguf"]);
        draft.Save(folder["draft.gguf"]);
        using var loadedTarget = LlamaModel.Load(folder["target.gguf"]);
        using var loadedDraft = LlamaModel.Load(folder["draft.gguf"]);
        return DraftFitness.Of(loadedTarget.ReadTraits(), loadedDraft.ReadTraits());
    }
}
