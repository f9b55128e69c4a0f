using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Tokenizers;

/// <summary>What <see cref="ITokenizer"/> promises whatever the vocabulary.</summary>
/// <param name="tokenizer">The tokenizer under test.</param>
/// <param name="word">A word that the vocabulary can spell, in letters from b to z.</param>
public abstract class TokenizerContract(ITokenizer tokenizer, string word = "tokenizer")
{
    [Test]
    public void AWordSurvivesTheRoundTrip() => Assert.That(tokenizer.RoundTrip(word), Is.EqualTo(word));

    [Test]
    public void NoTextIsNoTokens() => Assert.That(tokenizer.EncodePlain(""), Is.Empty);

    [Test]
    public void TokensAreOfTheVocabulary()
    {
        var tokens = tokenizer.Encode("Any text, however odd: é 😀 <|im_start|>", addSpecial: true, parseSpecial: true);
        Assert.That(tokens, Is.Not.Empty);
        Assert.That(tokens, Has.All.InRange(0, tokenizer.VocabularySize - 1));
    }

    [Test]
    public void SpecialTokensLieAroundTheText()
    {
        var plain = tokenizer.EncodePlain(word);
        var withSpecial = tokenizer.Encode(word, addSpecial: true, parseSpecial: false);
        Assert.That(withSpecial.AsSpan().IndexOf(plain), Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void NoTokenIsLongerThanTheMaximum()
    {
        var buffer = new byte[tokenizer.MaximumTokenBytes];
        var lengths = Enumerable.Range(0, tokenizer.VocabularySize).Select(token => tokenizer.Decode(token, buffer)).ToArray();
        Assert.That(lengths, Has.All.InRange(0, tokenizer.MaximumTokenBytes));
        Assert.That(lengths, Has.Some.GreaterThan(0));
    }

    [Test]
    public void TokensOutsideTheVocabularyAreRefused()
    {
        foreach (var token in (int[])[-1, tokenizer.VocabularySize, int.MinValue, int.MaxValue])
        {
            Assert.That(() => tokenizer.Decode(token, new byte[tokenizer.MaximumTokenBytes]), Throws.InstanceOf<ArgumentException>(), $"token {token}");
            Assert.That(() => tokenizer.IsEndOfGeneration(token), Throws.InstanceOf<ArgumentException>(), $"token {token}");
        }
    }

    [Test]
    public void TooShortASpanIsRefused()
    {
        var token = tokenizer.EncodePlain(word)[0];
        var length = tokenizer.Decode(token, new byte[tokenizer.MaximumTokenBytes]);
        Assert.That(length, Is.GreaterThan(0));
        Assert.That(() => tokenizer.Decode(token, new byte[length - 1]), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void OrdinaryTokensDoNotEndTheAnswer() => Assert.That(tokenizer.EncodePlain(word).Any(tokenizer.IsEndOfGeneration), Is.False);

    [Test]
    public void AConversationHoldsItsTurnsInOrder()
    {
        var text = tokenizer.FormatChat([ChatMessage.System("Be brief."), ChatMessage.User("Hi!"), ChatMessage.Assistant("Ho.")], addAssistantTurn: false);
        int[] places = [text.IndexOf("Be brief.", StringComparison.Ordinal), text.IndexOf("Hi!", StringComparison.Ordinal), text.IndexOf("Ho.", StringComparison.Ordinal)];
        Assert.That(places, Is.Ordered.Ascending);
        Assert.That(places[0], Is.Not.Negative);
    }

    [Test]
    public void TheAssistantsTurnIsOpenedWhenAsked()
    {
        ChatMessage[] messages = [ChatMessage.User("Hi!")];
        var closed = tokenizer.FormatChat(messages, addAssistantTurn: false);
        var open = tokenizer.FormatChat(messages, addAssistantTurn: true);
        Assert.That(open, Does.StartWith(closed));
        Assert.That(open, Has.Length.GreaterThan(closed.Length));
    }

    [Test]
    public void ContentMayBeLong()
    {
        var content = string.Concat(Enumerable.Repeat("ü😀 ", 3000)) + "end";
        Assert.That(tokenizer.FormatChat([ChatMessage.User(content)], addAssistantTurn: true), Does.Contain(content));
    }

    [Test]
    public void ConversationsThatLackSomethingAreRefused()
    {
        AssertRefused([]);
        AssertRefused([ChatMessage.User("Hi!"), new ChatMessage("assistant", null!)]);
        AssertRefused([new ChatMessage(null!, "Hi!")]);
        AssertRefused([ChatMessage.User("Hi!"), null!]);
    }

    [Test]
    public void ManyThreadsAgree()
    {
        var tokens = tokenizer.EncodePlain(word);
        var chat = tokenizer.FormatChat([ChatMessage.User(word)], addAssistantTurn: true);
        Parallel.For(0, 200, i =>
        {
            // Texts of other lengths between them, so that a shared buffer would be noticed.
            tokenizer.EncodePlain(string.Concat(Enumerable.Repeat(word, i)));
            Assert.That(tokenizer.EncodePlain(word), Is.EqualTo(tokens));
            Assert.That(tokenizer.RoundTrip(word), Is.EqualTo(word));
            Assert.That(tokenizer.FormatChat([ChatMessage.User(word)], addAssistantTurn: true), Is.EqualTo(chat));
            Assert.That(tokens.Any(tokenizer.IsEndOfGeneration), Is.False);
        });
    }

    [Test]
    public void DecodingATokenAllocatesNothing()
    {
        Span<byte> buffer = stackalloc byte[tokenizer.MaximumTokenBytes];
        DecodeAll(buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        DecodeAll(buffer);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private void DecodeAll(Span<byte> buffer)
    {
        for (var token = 0; token < Math.Min(1000, tokenizer.VocabularySize); token++)
        {
            tokenizer.Decode(token, buffer);
        }
    }

    private void AssertRefused(ChatMessage[] messages) =>
        Assert.That(() => tokenizer.FormatChat(messages, addAssistantTurn: true), Throws.InstanceOf<ArgumentException>());
}
