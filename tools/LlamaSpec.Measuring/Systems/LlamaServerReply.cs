using System.Text.Json;

namespace LlamaSpec.Measuring.Systems;

/// <summary>What /completion answers, as far as it is read here.</summary>
internal sealed record LlamaServerReply
{
    /// <summary>What was generated; the token that ends the answer is the last one.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>"eos", "limit" or "word".</summary>
    public required string StopType { get; init; }

    public required LlamaServerTimings Timings { get; init; }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="MeasurementException">It has no timings or no tokens.</exception>
    public static LlamaServerReply Parse(string json)
    {
        try
        {
            var reply = JsonSerializer.Deserialize(json, LlamaServerJson.Default.LlamaServerReply);
            return reply is { Tokens: not null, Timings: not null } ? reply : throw new JsonException("it is empty");
        }
        catch (JsonException error)
        {
            throw new MeasurementException($"llama-server's reply is not one of /completion of llama.cpp v0.5.0: {error.Message}");
        }
    }

    /// <summary>The answer as LlamaSpec would count it.</summary>
    /// <param name="promptTokens">Tokens of the prompt by LlamaSpec's count.</param>
    /// <param name="mustDraft">Whether it was started with a draft model, which always proposes something; n-grams may find nothing.</param>
    /// <exception cref="MeasurementException">The server read another prompt, or did not draft.</exception>
    public MeasuredAnswer ToAnswer(int promptTokens, bool mustDraft)
    {
        if (Timings.PromptN != promptTokens)
        {
            throw new MeasurementException($"llama-server read {Timings.PromptN} tokens of prompt, not {promptTokens}");
        }

        if (mustDraft && Timings.DraftN == 0)
        {
            // It says nothing when it cannot use a draft, and decodes plainly.
            throw new MeasurementException("llama-server drafted nothing: its draft must have the target's whole vocabulary, which a trimmed one has not");
        }

        // The first token comes from the prompt's decode. The one that ends the answer is no part of it, but its time is.
        int[] tokens = [.. StopType == "eos" ? Tokens.SkipLast(1) : Tokens];
        // Where the end of the answer was drafted itself, as n-grams do, llama-server counts what it accepts behind it too. It does
        // not tell how much, so the rounds of such an answer may be a few too few, but never none.
        var afterFirst = Math.Max(0, Timings.PredictedN - 1);
        var accepted = Math.Min(Timings.DraftNAccepted, afterFirst);
        return new MeasuredAnswer
        {
            Tokens = tokens,
            TokensPerSecond = Timings.PredictedMs > 0 ? Math.Max(0, tokens.Length - 1) * 1000.0 / Timings.PredictedMs : 0,
            Rounds = Math.Max(Math.Min(1, afterFirst), afterFirst - accepted),
            DraftedTokens = Timings.DraftN,
            AcceptedTokens = accepted,
        };
    }
}
