using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Tokenizers;

/// <summary>What <see cref="ITokenizer"/> promises of a model's vocabulary: it can spell any text, and has control tokens.</summary>
/// <param name="tokenizer">The tokenizer under test.</param>
/// <param name="controlText">A control token as text, for example "&lt;|im_start|&gt;".</param>
/// <param name="endText">One that ends an answer.</param>
public abstract class AnyTextContract(ITokenizer tokenizer, string controlText, string endText)
{
    [TestCase("Hello, world!")]
    [TestCase("")]
    [TestCase("  leading and trailing  ")]
    [TestCase("line\nbreak\ttab\r\n")]
    [TestCase("naïve café, Ærøskøbing, Привет, 你好, مرحبا")]
    [TestCase("emoji 😀 family 👨‍👩‍👧‍👦 flag 🇪🇺")]
    [TestCase("combining e\u0301 and zero-width \u200b")]
    public void TextSurvivesTheRoundTrip(string text) => Assert.That(tokenizer.RoundTrip(text), Is.EqualTo(text));

    [Test]
    public void LongTextSurvivesTheRoundTrip()
    {
        var text = string.Concat(Enumerable.Repeat("The quick brown fox. 😀 ", 5000));
        Assert.That(tokenizer.RoundTrip(text), Is.EqualTo(text));
    }

    // Written as code, because attributes cannot carry unpaired surrogates.
    [Test]
    public void UnpairedSurrogatesBecomeReplacementCharacters()
    {
        Assert.That(tokenizer.RoundTrip("a\ud83d"), Is.EqualTo("a\ufffd"));
        Assert.That(tokenizer.RoundTrip("\ude00b"), Is.EqualTo("\ufffdb"));
        Assert.That(tokenizer.RoundTrip("\ud83d\ud83d\ude00"), Is.EqualTo("\ufffd😀"));
    }

    [Test]
    public void AZeroCharacterIsKept() => Assert.That(tokenizer.RoundTrip("a\0b"), Is.EqualTo("a\0b"));

    [Test]
    public void ControlTokensAreParsedOnlyWhenAsked()
    {
        Assert.That(tokenizer.Encode(controlText, addSpecial: false, parseSpecial: true), Has.Length.EqualTo(1));
        Assert.That(tokenizer.EncodePlain(controlText), Has.Length.GreaterThan(1));
        Assert.That(tokenizer.RoundTrip(controlText), Is.EqualTo(controlText));
    }

    [Test]
    public void ControlTokensHaveNoBytes()
    {
        foreach (var text in (string[])[controlText, endText])
        {
            Assert.That(tokenizer.Decode(tokenizer.Encode(text, addSpecial: false, parseSpecial: true).Single(), []), Is.Zero, text);
        }
    }

    [Test]
    public void TheEndOfATurnEndsTheAnswer()
    {
        Assert.That(tokenizer.IsEndOfGeneration(tokenizer.Encode(endText, addSpecial: false, parseSpecial: true).Single()), Is.True);
        Assert.That(tokenizer.EncodePlain("Hello there").Any(tokenizer.IsEndOfGeneration), Is.False);
    }
}
