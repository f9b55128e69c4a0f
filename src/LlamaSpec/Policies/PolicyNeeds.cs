namespace LlamaSpec.Policies;

/// <summary>What a policy wants to be told of a round beyond its counts and times. Each costs a little.</summary>
[Flags]
public enum PolicyNeeds
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary><see cref="RoundOutcome.HiddenRow"/>, where the backend has it.</summary>
    HiddenRow = 1,

    /// <summary><see cref="RoundOutcome.AcceptanceProbabilities"/>: a sweep over the row of each tested position, above temperature 0.</summary>
    AcceptanceProbabilities = 2,
}
