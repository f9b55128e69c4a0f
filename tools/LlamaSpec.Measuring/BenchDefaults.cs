namespace LlamaSpec.Measuring;

/// <summary>What is measured when nobody says otherwise.</summary>
internal static class BenchDefaults
{
    /// <summary>Policies, as --policies takes them.</summary>
    public const string Policies = "auto,adaedl,fixed:1,fixed:2,fixed:3,fixed:5";

    /// <summary>Temperatures, as --temperatures takes them: the two ends and what people chat with.</summary>
    public const string Temperatures = "0,0.7,1";

    /// <summary>Lengths of llama-server's drafts, as --server-lengths takes them.</summary>
    public const string ServerLengths = "1,2,3,5,8";

    /// <summary>Settings of llama-server, as --server-spec takes them: with the draft model it was given, else with all that need none.</summary>
    public static IReadOnlyList<string> ServerSettings(bool hasDraft) => hasDraft ? ["none", "draft"] : ["none", "ngram"];

    /// <summary>Most tokens of an answer, as Spec-Bench has it.</summary>
    public const int MaximumTokens = 128;
}
