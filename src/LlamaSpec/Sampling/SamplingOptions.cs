namespace LlamaSpec.Sampling;

/// <summary>An amount added to the logit of one token. -infinity bans the token.</summary>
public readonly record struct LogitBias(int Token, float Bias);

/// <summary>
/// How tokens are chosen. The stages run in this order: logit bias, penalties, top-k, top-p, min-p, temperature,
/// the same for target and draft. Defaults are those of llama.cpp.
/// </summary>
public sealed record SamplingOptions
{
    // 1e-4: below it a draw differs from the most likely token at near-ties only, and the inverse must stay finite.
    private const float SmallestTemperature = 1e-4f;

    /// <summary>Always the most likely token: temperature 0.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Divides the logits before the draw. 0 = always the most likely token; what is between 0 and 0.0001 counts as 0.0001. Default 0.8, range 0 to 100.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keep the k most likely tokens. 0 = all. Default 40.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keep the fewest tokens whose probabilities sum to at least this. 1 = all. Default 0.95, range (0, 1].</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keep tokens at least this times as likely as the most likely one. 0 = all. Default 0.05, range 0 to 1.</summary>
    public float MinP { get; init; } = 0.05f;

    /// <summary>Divides positive and multiplies negative logits of tokens seen in the window. 1 = none (default).</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>Subtracted once per occurrence in the window. 0 = none (default).</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once for a token that occurs in the window. 0 = none (default).</summary>
    public float PresencePenalty { get; init; }

    /// <summary>How many of the last tokens, prompt included, the penalties look at. Default 64, at most 4096.</summary>
    public int PenaltyWindow { get; init; } = 64;

    /// <summary>Amounts added to the logits of single tokens. Default none, at most 1024.</summary>
    public IReadOnlyList<LogitBias> LogitBias { get; init; } = [];

    /// <summary>
    /// Seed of the random draws. null (default) = a new one each time. The same seed gives the same text, on one machine and
    /// one request at a time, unless the request names a policy that follows the clock: auto, hillclimb, expected-throughput.
    /// </summary>
    public ulong? Seed { get; init; }

    /// <summary>Whether every token is the most likely one.</summary>
    public bool IsGreedy => Temperature == 0;

    /// <summary>Factor on every logit before softmax: 1 at temperature 0, where the distribution is only looked at.</summary>
    internal float InverseTemperature => IsGreedy ? 1 : 1 / Math.Max(Temperature, SmallestTemperature);

    internal bool HasPenalties => PenaltyWindow > 0 && (RepetitionPenalty != 1 || FrequencyPenalty != 0 || PresencePenalty != 0);

    internal bool ChangesLogits => HasPenalties || LogitBias.Count > 0;

    /// <summary>Throws when a value is out of range.</summary>
    /// <param name="vocabularySize">Tokens of the target.</param>
    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public void Validate(int vocabularySize)
    {
        Check.Range(Temperature, 0f, 100f, nameof(Temperature));
        Check.Range(TopK, 0, int.MaxValue, nameof(TopK));
        Check.Range(TopP, float.Epsilon, 1f, nameof(TopP));
        Check.Range(MinP, 0f, 1f, nameof(MinP));
        Check.Range(RepetitionPenalty, 0.01f, 100f, nameof(RepetitionPenalty));
        Check.Range(FrequencyPenalty, -100f, 100f, nameof(FrequencyPenalty));
        Check.Range(PresencePenalty, -100f, 100f, nameof(PresencePenalty));
        Check.Range(PenaltyWindow, 0, 4096, nameof(PenaltyWindow));
        ArgumentNullException.ThrowIfNull(LogitBias);
        Check.Range(LogitBias.Count, 0, 1024, nameof(LogitBias));
        foreach (var (token, bias) in LogitBias)
        {
            Check.Range(token, 0, vocabularySize - 1, $"{nameof(LogitBias)} token");
            if (float.IsNaN(bias) || float.IsPositiveInfinity(bias))
            {
                throw new ArgumentException($"LogitBias of token {token} must be a number or -infinity.");
            }
        }
    }
}
