using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Systems;

/// <summary>What is posted to /completion. The names, in snake case, are llama-server's.</summary>
internal sealed record LlamaServerRequest
{
    public required string Prompt { get; init; }

    public required int NPredict { get; init; }

    public required float Temperature { get; init; }

    public required int TopK { get; init; }

    public required float TopP { get; init; }

    public required float MinP { get; init; }

    public required ulong Seed { get; init; }

    // Its count of the prompt's tokens is compared with ours, and a prompt in the cache would not be counted.
    public bool CachePrompt { get; init; }

    public bool ReturnTokens { get; init; } = true;

    /// <summary>The same question, sampled the same way, as for LlamaSpec.</summary>
    public static LlamaServerRequest Create(ChatPrompt prompt, SamplingOptions sampling, int maximumTokens) => new()
    {
        Prompt = prompt.Text,
        NPredict = maximumTokens,
        Temperature = sampling.Temperature,
        TopK = sampling.TopK,
        TopP = sampling.TopP,
        MinP = sampling.MinP,
        Seed = sampling.Seed ?? 0,
    };
}
