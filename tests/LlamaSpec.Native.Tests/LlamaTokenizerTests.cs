using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

/// <summary>What the tokenizer over the shim says and does beyond the contracts of the seam.</summary>
public sealed class LlamaTokenizerTests
{
    private readonly LlamaTokenizer _tokenizer = EmbeddedModels.Target.Tokenizer;

    [Test]
    public void ATokenHasTheTextThatTheVocabularySpells()
    {
        var parsed = _tokenizer.Encode("<|im_start|>", addSpecial: false, parseSpecial: true);
        Assert.That(_tokenizer.TokenText(parsed.Single()), Is.EqualTo("<|im_start|>"));
    }

    [Test]
    public void TheLongestTokenHasTheMaximumOfBytes()
    {
        var buffer = new byte[_tokenizer.MaximumTokenBytes];
        var longest = Enumerable.Range(0, _tokenizer.VocabularySize).Max(token => _tokenizer.Decode(token, buffer));
        Assert.That(longest, Is.EqualTo(_tokenizer.MaximumTokenBytes));
    }

    [TestCase(-1)]
    [TestCase(49152)]
    [TestCase(int.MaxValue)]
    public void TokensOutsideTheVocabularyHaveNoText(int token)
    {
        Assert.That(() => _tokenizer.TokenText(token), Throws.ArgumentException);
        Assert.That(() => _tokenizer.Decode(token, new byte[64]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _tokenizer.IsEndOfGeneration(token), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ADisposedModelsTokenizerSaysSo()
    {
        using var folder = new TemporaryFolder();
        SyntheticModel.WithVocabulary(SyntheticModel.Vocabulary("a")).Save(folder["small.gguf"]);
        var model = LlamaModel.Load(folder["small.gguf"]);
        var tokenizer = model.Tokenizer;
        model.Dispose();
        Assert.That(() => tokenizer.Encode("a", addSpecial: false, parseSpecial: false), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => tokenizer.TokenText(1), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void AConversationGetsTheDefaultSystemPrompt()
    {
        Assert.That(_tokenizer.FormatChat([ChatMessage.User("Hi!")], addAssistantTurn: true), Is.EqualTo(
            "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n"
            + "<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\n"));
    }

    [Test]
    public void AConversationKeepsItsOwnSystemPrompt()
    {
        Assert.That(_tokenizer.FormatChat([ChatMessage.System("Be brief."), ChatMessage.User("Hi!"), ChatMessage.Assistant("Ho.")], addAssistantTurn: false), Is.EqualTo(
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\nHo.<|im_end|>\n"));
    }

    [Test]
    public void ContentMayHoldAnything()
    {
        var text = _tokenizer.FormatChat([ChatMessage.System("s"), ChatMessage.User("a\0end\ud83d")], addAssistantTurn: true);
        Assert.That(text, Does.EndWith("a\ufffdend\ufffd<|im_end|>\n<|im_start|>assistant\n"));
    }

    [Test]
    public void AMessageThatLacksSomethingIsNamed()
    {
        AssertRefused([ChatMessage.User("Hi!"), new ChatMessage("assistant", null!)], "Message 1");
        AssertRefused([new ChatMessage(null!, "Hi!")], "Message 0");
        AssertRefused([ChatMessage.User("Hi!"), ChatMessage.Assistant("Ho."), null!], "Message 2");
    }

    private void AssertRefused(ChatMessage[] messages, string part) =>
        Assert.That(() => _tokenizer.FormatChat(messages, addAssistantTurn: true), Throws.ArgumentException.With.Message.Contains(part));
}
