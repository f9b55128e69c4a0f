using LlamaSpec.Models;
using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

public sealed class LdlpFileTests
{
    [TestCase("a/draft.gguf", "a/draft.ldlp")]
    [TestCase("draft.Q4.GGUF", "draft.Q4.ldlp")]
    [TestCase("draft", "draft.ldlp")]
    public void ItLiesBesideTheDraft(string draft, string file) => Assert.That(LdlpFile.PathFor(draft), Is.EqualTo(file));

    [Test]
    public void ThePredictorOfAPairIsLoaded()
    {
        using var folder = new TemporaryFolder();
        var (target, draft) = WritePair(folder);
        Save(draft, Train(ModelFingerprint.Of(target), ModelFingerprint.Of(draft)));
        Assert.That(LdlpFile.TryLoad(draft, target, Info(8), out var reason)?.HiddenSize, Is.EqualTo(8), reason);
        Assert.That(reason, Is.Empty);
    }

    [Test]
    public void AMissingOneIsAReason()
    {
        using var folder = new TemporaryFolder();
        var (target, draft) = WritePair(folder);
        Assert.That(LdlpFile.TryLoad(draft, target, Info(8), out var reason), Is.Null);
        Assert.That(reason, Does.Contain("there is no").And.Contain("draft.ldlp").And.Contain("train-ldlp"));
    }

    [Test]
    public void OneOfAnotherPairIsAReason()
    {
        using var folder = new TemporaryFolder();
        var (target, draft) = WritePair(folder);
        var (targetPrint, draftPrint) = (ModelFingerprint.Of(target), ModelFingerprint.Of(draft));
        AssertRefused(Train(draftPrint, draftPrint), 8, "another target");
        AssertRefused(Train(targetPrint, targetPrint), 8, "another draft");
        AssertRefused(Train(targetPrint, draftPrint), 16, "hidden rows of 8 values, but the target's have 16");

        void AssertRefused(LdlpWeights weights, int hiddenSize, string part)
        {
            Save(draft, weights);
            Assert.That(LdlpFile.TryLoad(draft, target, Info(hiddenSize), out var reason), Is.Null);
            Assert.That(reason, Does.Contain(part));
        }
    }

    [Test]
    public void ADamagedOneIsAReason()
    {
        using var folder = new TemporaryFolder();
        var (target, draft) = WritePair(folder);
        foreach (var content in (byte[][])[[], [1, 2, 3], "LSLDLP\x01\0"u8.ToArray()])
        {
            File.WriteAllBytes(LdlpFile.PathFor(draft), content);
            Assert.That(LdlpFile.TryLoad(draft, target, Info(8), out var reason), Is.Null);
            Assert.That(reason, Does.Contain("cannot be used"));
        }
    }

    private static (string Target, string Draft) WritePair(TemporaryFolder folder)
    {
        File.WriteAllText(folder["target.gguf"], "a target");
        File.WriteAllText(folder["draft.gguf"], "a draft");
        return (folder["target.gguf"], folder["draft.gguf"]);
    }

    private static ModelInfo Info(int hiddenSize) => new() { Description = "test", VocabularySize = 10, HiddenSize = hiddenSize };

    private static void Save(string draft, LdlpWeights weights)
    {
        using var file = File.Create(LdlpFile.PathFor(draft));
        weights.Save(file);
    }

    private static LdlpWeights Train(string target, string draft)
    {
        var samples = new LdlpSampleSet(8, 2);
        for (var i = 0; i < 20; i++)
        {
            samples.Add([1, 2, 3, 4, 5, 6, 7, i], [8, 7, 6, 5, 4, 3, 2, i], [1, i % 2], i % 4);
        }

        var origin = new LdlpOrigin { TargetFingerprint = target, DraftFingerprint = draft, Temperature = 0 };
        return LdlpTrainer.Train(samples, origin, new LdlpTrainingOptions { Width = 4, Epochs = 1 });
    }
}
