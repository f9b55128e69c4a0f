namespace LlamaSpec.Measuring.Results;

/// <summary>llama-server's best n-gram setting for one kind of task, known afterwards, and what the policies are against it.</summary>
/// <param name="Category">The kind, or <see cref="CategoryFigures.All"/>, where it is the best single setting.</param>
/// <param name="BestServer">The n-gram setting with the largest speed-up.</param>
/// <param name="BestServerToPlain">Over plain decoding.</param>
/// <param name="Policies">All policies of the run.</param>
internal sealed record NGramComparison(
    string Category, string BestServer, RatioEstimate BestServerToPlain, IReadOnlyList<PolicyRatio> Policies)
{
    /// <summary>The policy that is the furthest ahead; one that knows the future does not count. null without policies.</summary>
    public PolicyRatio? Best => Policies.Where(static one => one.Policy != Systems.SystemLabel.Oracle.Name).MaxBy(static one => one.Ratio.Value);
}
