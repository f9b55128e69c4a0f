using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Models;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Drafting.ModelFree;

public sealed class TrigramFileTests
{
    private static readonly CharacterTokenizer Tokenizer = new(26);

    [TestCase("a/target.gguf", "a/target.trigram")]
    [TestCase("target.Q4.GGUF", "target.Q4.trigram")]
    [TestCase("target", "target.trigram")]
    public void ItLiesBesideTheTarget(string target, string file) => Assert.That(TrigramFile.PathFor(target), Is.EqualTo(file));

    [Test]
    public void TheTableOfAVocabularyIsLoaded()
    {
        using var folder = new TemporaryFolder();
        Save(folder, Tokenizer.VocabularySize, VocabularyFingerprint.Of(Tokenizer));
        Assert.That(TrigramFile.TryLoad(folder["a.trigram"], Tokenizer, out var reason)?.Find(1, 2).Tokens.ToArray(), Is.EqualTo([3]), reason);
        Assert.That(reason, Is.Empty);
    }

    [Test]
    public void AMissingOneIsAReason()
    {
        using var folder = new TemporaryFolder();
        Assert.That(TrigramFile.TryLoad(folder["a.trigram"], Tokenizer, out var reason), Is.Null);
        Assert.That(reason, Does.Contain("there is no").And.Contain("a.trigram").And.Contain("train-trigram"));
    }

    [Test]
    public void OneOfAnotherVocabularyIsAReason()
    {
        using var folder = new TemporaryFolder();
        foreach (var (size, fingerprint) in ((int, string)[])[(Tokenizer.VocabularySize, "other"), (Tokenizer.VocabularySize - 1, VocabularyFingerprint.Of(Tokenizer))])
        {
            Save(folder, size, fingerprint);
            Assert.That(TrigramFile.TryLoad(folder["a.trigram"], Tokenizer, out var reason), Is.Null);
            Assert.That(reason, Does.Contain("other tokens than this target's"));
        }
    }

    [Test]
    public void ADamagedOneIsAReason()
    {
        using var folder = new TemporaryFolder();
        foreach (var content in (byte[][])[[], [1, 2, 3], "LSTRIG\x01\0"u8.ToArray()])
        {
            File.WriteAllBytes(folder["a.trigram"], content);
            Assert.That(TrigramFile.TryLoad(folder["a.trigram"], Tokenizer, out var reason), Is.Null);
            Assert.That(reason, Does.Contain("cannot be used"));
        }
    }

    private static void Save(TemporaryFolder folder, int vocabularySize, string fingerprint)
    {
        var trainer = new TrigramTrainer(vocabularySize);
        trainer.Add([1, 2, 3]);
        using var file = File.Create(folder["a.trigram"]);
        trainer.Build(fingerprint).Save(file);
    }
}
