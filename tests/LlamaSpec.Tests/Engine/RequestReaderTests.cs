using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>Bad requests are refused with what to do about them.</summary>
public class RequestReaderTests
{
    private const int ContextLength = 10;

    private static readonly CharacterTokenizer Tokenizer = new(26);

    [Test]
    public void APromptIsEncoded() =>
        Assert.That(Read(new GenerationRequest { Prompt = "abc" }), Is.EqualTo(new[] { 0, 1, 2 }));

    [Test]
    public void AConversationIsFormattedByTheTemplate() =>
        Assert.That(Read(GenerationRequest.Ask("ab")), Is.EqualTo(Tokenizer.Encode("ab:", true, true)));

    [Test]
    public void TokensAreTakenAsTheyAre() =>
        Assert.That(Read(new GenerationRequest { PromptTokens = [25, 0] }), Is.EqualTo(new[] { 25, 0 }));

    public static IEnumerable<GenerationRequest> Contradictions() =>
    [
        new(),
        new() { Prompt = "a", PromptTokens = [1] },
        new() { Prompt = "a", Messages = [ChatMessage.User("a")] },
        new() { PromptTokens = [1], Messages = [ChatMessage.User("a")] },
        new() { Prompt = "a", PromptTokens = [1], Messages = [ChatMessage.User("a")] },
    ];

    [TestCaseSource(nameof(Contradictions))]
    public void ExactlyOneKindOfPromptIsTaken(GenerationRequest request) =>
        AssertRefused<ArgumentException>(request, "Give exactly one of Prompt, Messages and PromptTokens");

    public static IEnumerable<GenerationRequest> EmptyPrompts() =>
        [new() { Prompt = "" }, new() { Messages = [] }, new() { PromptTokens = [] }];

    [TestCaseSource(nameof(EmptyPrompts))]
    public void AnEmptyPromptIsRefused(GenerationRequest request) =>
        AssertRefused<ArgumentException>(request, "The prompt is empty. Give at least one character, or a message.");

    [Test]
    public void APromptThatLeavesNoRoomForAnAnswerIsTooLong()
    {
        Assert.That(Read(new GenerationRequest { Prompt = new string('a', ContextLength - 1) }), Has.Length.EqualTo(ContextLength - 1));
        var error = Assert.Throws<PromptTooLongException>(() => Read(new GenerationRequest { Prompt = new string('a', ContextLength) }));
        Assert.That(error!.Message, Does.Contain("10 tokens").And.Contain("Shorten the prompt or raise the context length"));
        Assert.That((error.PromptTokens, error.ContextLength), Is.EqualTo((10, 10)));
    }

    [TestCase(26)]
    [TestCase(-1)]
    public void ATokenThatDoesNotExistIsRefused(int token) =>
        AssertRefused<ArgumentOutOfRangeException>(
            new GenerationRequest { PromptTokens = [1, token] }, $"PromptTokens must be from 0 to 25, but is {token}");

    [TestCase(0)]
    [TestCase(-5)]
    public void AtLeastOneTokenMustBeWanted(int maximumTokens) =>
        AssertRefused<ArgumentOutOfRangeException>(new GenerationRequest { Prompt = "a", MaximumTokens = maximumTokens }, "MaximumTokens must be from 1");

    [Test]
    public void SamplingIsCheckedAgainstTheVocabulary() =>
        AssertRefused<ArgumentOutOfRangeException>(
            new GenerationRequest { Prompt = "a", Sampling = new SamplingOptions { LogitBias = [new LogitBias(26, 1)] } },
            "LogitBias token must be from 0 to 25");

    [Test]
    public void StopTextsAreLimited()
    {
        AssertRefused<ArgumentException>(With([.. Enumerable.Repeat("x", 17)]), "StopTexts must be from 0 to 16");
        AssertRefused<ArgumentException>(With([""]), "A stop text must have 1 to 256 bytes");
        AssertRefused<ArgumentException>(With([null!]), "A stop text must have 1 to 256 bytes");
        AssertRefused<ArgumentException>(With([new string('é', 129)]), "A stop text must have 1 to 256 bytes");
        Assert.That(() => Read(With([.. Enumerable.Repeat(new string('é', 128), 16)])), Throws.Nothing);
    }

    [Test]
    public void NothingIsNull()
    {
        AssertRefused<ArgumentNullException>(null!, "request");
        AssertRefused<ArgumentNullException>(new GenerationRequest { Prompt = "a", Sampling = null! }, "Sampling");
        AssertRefused<ArgumentNullException>(With(null!), "StopTexts");
    }

    private static GenerationRequest With(IReadOnlyList<string> stopTexts) => new() { Prompt = "a", StopTexts = stopTexts };

    private static int[] Read(GenerationRequest request) =>
        RequestReader.Read(request, Tokenizer, new SpeculativeEngineOptions { ContextLength = ContextLength });

    private static void AssertRefused<T>(GenerationRequest request, string message)
        where T : ArgumentException =>
        Assert.That(() => Read(request), Throws.InstanceOf<T>().With.Message.Contains(message).IgnoreCase);
}
