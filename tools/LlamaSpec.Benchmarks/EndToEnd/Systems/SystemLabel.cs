namespace LlamaSpec.Benchmarks.EndToEnd.Systems;

/// <summary>What is compared: a program, its kernels and its drafting.</summary>
/// <param name="Name">As the tables show it.</param>
/// <param name="PlainName">The plain decoding with the same kernels; null when it is that.</param>
/// <param name="IsLlamaServer">llama-server, not LlamaSpec.</param>
internal sealed record SystemLabel(string Name, string? PlainName = null, bool IsLlamaServer = false)
{
    /// <summary>Plain decoding with llama.cpp's own kernels: the baseline of all ratios.</summary>
    public static SystemLabel Plain { get; } = new("plain, rows off");

    /// <summary>Plain decoding with the fast rows.</summary>
    public static SystemLabel PlainFastRows { get; } = new("plain, rows on");

    /// <summary>llama-server without a draft.</summary>
    public static SystemLabel PlainServer { get; } = new("llama-server plain", IsLlamaServer: true);

    /// <summary>A policy of LlamaSpec.</summary>
    public static SystemLabel Policy(string policy, bool fastRows) =>
        fastRows ? new SystemLabel($"{policy}, rows on", PlainFastRows.Name) : new SystemLabel($"{policy}, rows off", Plain.Name);

    /// <summary>llama-server with drafts of up to so many tokens.</summary>
    public static SystemLabel DraftingServer(int draftLength) => new($"llama-server n_max {draftLength}", PlainServer.Name, IsLlamaServer: true);

    /// <summary>Whether it drafts.</summary>
    public bool IsSpeculative => PlainName is not null;
}
