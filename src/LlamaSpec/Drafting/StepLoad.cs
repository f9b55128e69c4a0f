namespace LlamaSpec.Drafting;

/// <summary>What the target's batch of a step holds while the drafts of its requests grow: a row's price depends on it.</summary>
public sealed class StepLoad
{
    /// <summary>Requests in the step.</summary>
    public int Requests { get; set; } = 1;

    /// <summary>Rows so far: anchor tokens, drafted tokens, prompt rows.</summary>
    public int Rows { get; set; } = 1;
}
