using System.Text.Json;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Tests.Systems;

public sealed class LlamaServerReplyTests
{
    private const string Drafted =
        """
        {"index":0,"content":"a b","tokens":[5,6,7,8,9],"stop":true,"stop_type":"limit","tokens_predicted":5,"timings":{"cache_n":0,
        "prompt_n":11,"prompt_ms":4.8,"prompt_per_token_ms":0.4,"prompt_per_second":2297.8,"predicted_n":5,"predicted_ms":20.0,
        "predicted_per_token_ms":5.0,"predicted_per_second":200.0,"draft_n":6,"draft_n_accepted":2}}
        """;

    [Test]
    public void TimingsAreThoseOfTheTokensAfterTheFirst()
    {
        var answer = LlamaServerReply.Parse(Drafted).ToAnswer(promptTokens: 11, mustDraft: true);
        Assert.That(answer.TokensPerSecond, Is.EqualTo(200));
        Assert.That(answer.Tokens, Is.EqualTo((int[])[5, 6, 7, 8, 9]));
        Assert.That((answer.Rounds, answer.DraftedTokens, answer.AcceptedTokens, answer.Times), Is.EqualTo((2, 6, 2, (RoundTimes?)null)));
    }

    [Test]
    public void WithoutADraftEveryTokenIsARound()
    {
        var answer = LlamaServerReply.Parse(Drafted.Replace(",\"draft_n\":6,\"draft_n_accepted\":2", "")).ToAnswer(11, mustDraft: false);
        Assert.That((answer.Rounds, answer.DraftedTokens, answer.AcceptedTokens), Is.EqualTo((4, 0, 0)));
    }

    [Test]
    public void TheTokenThatEndsTheAnswerIsNoPartOfIt()
    {
        var answer = LlamaServerReply.Parse(Drafted.Replace("limit", "eos")).ToAnswer(11, mustDraft: true);
        Assert.That(answer.Tokens, Is.EqualTo((int[])[5, 6, 7, 8]));
        Assert.That(answer.TokensPerSecond, Is.EqualTo(150));
    }

    [Test]
    public void AnotherCountOfThePromptIsAnError() => Assert.That(
        () => LlamaServerReply.Parse(Drafted).ToAnswer(12, mustDraft: true),
        Throws.TypeOf<MeasurementException>().With.Message.EqualTo("llama-server read 11 tokens of prompt, not 12"));

    [Test]
    public void AServerThatSilentlyDoesNotDraftIsAnError() => Assert.That(
        () => LlamaServerReply.Parse(Drafted.Replace("\"draft_n\":6", "\"draft_n\":0")).ToAnswer(11, mustDraft: true),
        Throws.TypeOf<MeasurementException>().With.Message.StartsWith("llama-server drafted nothing"));

    [Test]
    public void NGramsMayFindNothing()
    {
        var answer = LlamaServerReply.Parse(Drafted.Replace(",\"draft_n\":6,\"draft_n_accepted\":2", "")).ToAnswer(11, mustDraft: false);
        Assert.That((answer.Rounds, answer.DraftedTokens, answer.AcceptedTokens), Is.EqualTo((4, 0, 0)));
    }

    [Test]
    public void RoundsWithALongDraftAndRoundsWithoutOneAreCountedAlike()
    {
        // 1 token from the prompt, 1 round with 8 of 48 accepted, 6 rounds without a draft.
        var answer = LlamaServerReply.Parse(
            """{"tokens":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16],"stop_type":"limit","timings":{"prompt_n":3,"predicted_n":16,"predicted_ms":75.0,"draft_n":48,"draft_n_accepted":8}}""")
            .ToAnswer(3, mustDraft: false);
        Assert.That((answer.Rounds, answer.DraftedTokens, answer.AcceptedTokens, answer.TokensPerSecond), Is.EqualTo((7, 48, 8, 200)));
    }

    [Test]
    public void WhatIsAcceptedBehindTheEndOfTheAnswerIsNoPartOfIt()
    {
        // The draft held the end token and two more, all accepted: five tokens after the first in one round, but only three were kept.
        var answer = LlamaServerReply.Parse(
            """{"tokens":[5,6,7,2],"stop_type":"eos","timings":{"prompt_n":3,"predicted_n":4,"predicted_ms":10.0,"draft_n":8,"draft_n_accepted":5}}""")
            .ToAnswer(3, mustDraft: false);
        Assert.That((answer.Tokens.Count, answer.DraftedTokens, answer.AcceptedTokens, answer.Rounds), Is.EqualTo((3, 8, 3, 1)));
    }

    [TestCase("not json")]
    [TestCase("null")]
    [TestCase("""{"content":"a"}""")]
    [TestCase("""{"tokens":[1],"stop_type":"limit","timings":null}""")]
    [TestCase("""{"tokens":[1],"stop_type":"limit","timings":{"prompt_n":1,"predicted_n":1}}""")]
    public void AReplyWithoutTimingsIsAnError(string json) => Assert.That(
        () => LlamaServerReply.Parse(json), Throws.TypeOf<MeasurementException>().With.Message.Contains("not one of /completion"));

    [Test]
    public void TheRequestHasTheServersNames()
    {
        var sampling = new SamplingOptions { Temperature = 0.5f, TopK = 30, TopP = 0.75f, MinP = 0.25f, Seed = 7 };
        var request = LlamaServerRequest.Create(new ChatPrompt("1", "a", "Hello", 3), sampling, 64);
        Assert.That(JsonSerializer.Serialize(request, LlamaServerJson.Default.LlamaServerRequest), Is.EqualTo(
            """{"prompt":"Hello","n_predict":64,"temperature":0.5,"top_k":30,"top_p":0.75,"min_p":0.25,"seed":7,"cache_prompt":false,"return_tokens":true}"""));
    }
}
