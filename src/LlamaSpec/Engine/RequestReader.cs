using System.Security.Cryptography;
using System.Text;
using LlamaSpec.Models;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Engine;

/// <summary>Checks a request and turns it into tokens, on the caller's thread.</summary>
internal static class RequestReader
{
    /// <summary>The prompt's tokens.</summary>
    public static int[] Read(GenerationRequest request, ITokenizer tokenizer, SpeculativeEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(request.Sampling);
        request.Sampling.Validate(tokenizer.VocabularySize);
        if (request.MaximumTokens is { } maximum)
        {
            Check.Range(maximum, 1, int.MaxValue, nameof(request.MaximumTokens));
        }

        CheckStopTexts(request.StopTexts);
        request.Policy?.ThrowIfLongerThan(options.MaximumDraftLength);
        var prompt = ReadPrompt(request, tokenizer);
        if (prompt.Length == 0)
        {
            throw new ArgumentException("The prompt is empty. Give at least one character, or a message.", nameof(request));
        }

        return prompt.Length < options.ContextLength ? prompt : throw new PromptTooLongException(prompt.Length, options.ContextLength);
    }

    /// <summary>The request as the engine serves it; without a seed of its own it gets one.</summary>
    public static Request Create(
        GenerationRequest request, int[] prompt, ITokenizer tokenizer, SpeculativeEngineOptions options, EnginePolicies policies, long arrival)
    {
        var seed = request.Sampling.Seed ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        return new Request(
            request, prompt, new StopConditions(request, tokenizer), policies.For(request), policies.ContextOf(request), seed, options.ContextLength, arrival)
        {
            Drafter = request.Drafter ?? options.Drafter,
        };
    }

    private static int[] ReadPrompt(GenerationRequest request, ITokenizer tokenizer)
    {
        switch (request)
        {
            case { Prompt: { } text, Messages: null, PromptTokens: null }:
                return text.Length == 0 ? [] : tokenizer.Encode(text, addSpecial: true, parseSpecial: true);
            case { Prompt: null, Messages: { } messages, PromptTokens: null }:
                return messages.Count == 0 ? [] : tokenizer.Encode(tokenizer.FormatChat(messages, addAssistantTurn: true), addSpecial: true, parseSpecial: true);
            case { Prompt: null, Messages: null, PromptTokens: { } tokens }:
                foreach (var token in tokens)
                {
                    Check.Range(token, 0, tokenizer.VocabularySize - 1, nameof(request.PromptTokens));
                }

                return [.. tokens];
            default:
                throw new ArgumentException("Give exactly one of Prompt, Messages and PromptTokens.", nameof(request));
        }
    }

    private static void CheckStopTexts(IReadOnlyList<string> stopTexts)
    {
        ArgumentNullException.ThrowIfNull(stopTexts);
        Check.Range(stopTexts.Count, 0, GenerationRequest.MostStopTexts, nameof(GenerationRequest.StopTexts));
        foreach (var text in stopTexts)
        {
            if (string.IsNullOrEmpty(text) || Encoding.UTF8.GetByteCount(text) > GenerationRequest.LongestStopTextBytes)
            {
                throw new ArgumentException($"A stop text must have 1 to {GenerationRequest.LongestStopTextBytes} bytes.", nameof(stopTexts));
            }
        }
    }
}
