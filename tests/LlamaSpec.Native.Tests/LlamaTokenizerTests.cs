using System.Text;
using LlamaSpec.Models;

namespace LlamaSpec.Native.Tests;

public sealed class LlamaTokenizerTests
{
    private readonly LlamaTokenizer _tokenizer = EmbeddedModels.Target.Tokenizer;

    [TestCase("Hello, world!")]
    [TestCase("")]
    [TestCase("  leading and trailing  ")]
    [TestCase("line\nbreak\ttab\r\n")]
    [TestCase("naïve café, Ærøskøbing, Привет, 你好, مرحبا")]
    [TestCase("emoji 😀 family 👨‍👩‍👧‍👦 flag 🇪🇺")]
    [TestCase("combining e\u0301 and zero-width \u200b")]
    public void TextSurvivesTheRoundTrip(string text) => Assert.That(RoundTrip(text), Is.EqualTo(text));

    [Test]
    public void LongTextSurvivesTheRoundTrip()
    {
        var text = string.Concat(Enumerable.Repeat("The quick brown fox. 😀 ", 5000));
        Assert.That(RoundTrip(text), Is.EqualTo(text));
    }

    // Written as code, because attributes cannot carry unpaired surrogates.
    [Test]
    public void UnpairedSurrogatesBecomeReplacementCharacters()
    {
        Assert.That(RoundTrip("a\ud83d"), Is.EqualTo("a\ufffd"));
        Assert.That(RoundTrip("\ude00b"), Is.EqualTo("\ufffdb"));
        Assert.That(RoundTrip("\ud83d\ud83d\ude00"), Is.EqualTo("\ufffd😀"));
    }

    [Test]
    public void AZeroCharacterIsKept() => Assert.That(RoundTrip("a\0b"), Is.EqualTo("a\0b"));

    [Test]
    public void ControlTokensAreParsedOnlyWhenAsked()
    {
        var parsed = _tokenizer.Encode("<|im_start|>", addSpecial: false, parseSpecial: true);
        Assert.That(parsed, Has.Length.EqualTo(1));
        Assert.That(_tokenizer.TokenText(parsed[0]), Is.EqualTo("<|im_start|>"));
        Assert.That(_tokenizer.Encode("<|im_start|>", addSpecial: false, parseSpecial: false), Has.Length.GreaterThan(1));
        Assert.That(RoundTrip("<|im_start|>"), Is.EqualTo("<|im_start|>"));
    }

    [Test]
    public void ControlTokensHaveNoBytes()
    {
        var token = _tokenizer.Encode("<|im_end|>", addSpecial: false, parseSpecial: true).Single();
        Assert.That(_tokenizer.Decode(token, []), Is.Zero);
        Assert.That(_tokenizer.IsEndOfGeneration(token), Is.True);
    }

    [Test]
    public void OrdinaryTokensDoNotEndTheAnswer()
    {
        Assert.That(_tokenizer.Encode("Hello there", addSpecial: false, parseSpecial: false).Any(_tokenizer.IsEndOfGeneration), Is.False);
    }

    [Test]
    public void NoTokenIsLongerThanTheMaximum()
    {
        var buffer = new byte[_tokenizer.MaximumTokenBytes];
        var longest = Enumerable.Range(0, _tokenizer.VocabularySize).Max(token => _tokenizer.Decode(token, buffer));
        Assert.That(longest, Is.EqualTo(_tokenizer.MaximumTokenBytes));
    }

    [TestCase(-1)]
    [TestCase(49152)]
    [TestCase(int.MaxValue)]
    public void TokensOutsideTheVocabularyAreRefused(int token)
    {
        Assert.That(() => _tokenizer.Decode(token, new byte[64]), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _tokenizer.IsEndOfGeneration(token), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => _tokenizer.TokenText(token), Throws.ArgumentException);
    }

    [Test]
    public void TooShortASpanIsRefused()
    {
        var token = _tokenizer.Encode("Hello", addSpecial: false, parseSpecial: false)[0];
        Assert.That(() => _tokenizer.Decode(token, new byte[1]), Throws.ArgumentException);
    }

    [Test]
    public void ManyThreadsAgree()
    {
        var expected = _tokenizer.Encode("Threads share one tokenizer.", addSpecial: false, parseSpecial: false);
        Parallel.For(0, 200, _ => Assert.That(_tokenizer.Encode("Threads share one tokenizer.", addSpecial: false, parseSpecial: false), Is.EqualTo(expected)));
    }

    [Test]
    public void DecodingATokenAllocatesNothing()
    {
        Span<byte> buffer = stackalloc byte[_tokenizer.MaximumTokenBytes];
        _tokenizer.Decode(100, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var token = 0; token < 1000; token++)
        {
            _tokenizer.Decode(token, buffer);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
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
    public void ContentMayBeLongAndHoldAnything()
    {
        var content = string.Concat(Enumerable.Repeat("ü😀 ", 3000));
        var text = _tokenizer.FormatChat([ChatMessage.System("s"), ChatMessage.User(content + "\0end\ud83d")], addAssistantTurn: true);
        Assert.That(text, Does.Contain(content));
        Assert.That(text, Does.EndWith("\ufffdend\ufffd<|im_end|>\n<|im_start|>assistant\n"));
    }

    [Test]
    public void AnEmptyConversationIsRefused() => Assert.That(() => _tokenizer.FormatChat([], addAssistantTurn: true), Throws.ArgumentException);

    [Test]
    public void AMessageThatLacksSomethingIsNamed()
    {
        AssertRefused([ChatMessage.User("Hi!"), new ChatMessage("assistant", null!)], "Message 1");
        AssertRefused([new ChatMessage(null!, "Hi!")], "Message 0");
        AssertRefused([ChatMessage.User("Hi!"), ChatMessage.Assistant("Ho."), null!], "Message 2");
    }

    private void AssertRefused(ChatMessage[] messages, string part) =>
        Assert.That(() => _tokenizer.FormatChat(messages, addAssistantTurn: true), Throws.ArgumentException.With.Message.Contains(part));

    private string RoundTrip(string text)
    {
        var bytes = new List<byte>();
        var buffer = new byte[_tokenizer.MaximumTokenBytes];
        foreach (var token in _tokenizer.Encode(text, addSpecial: false, parseSpecial: false))
        {
            bytes.AddRange(buffer.AsSpan(0, _tokenizer.Decode(token, buffer)));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
