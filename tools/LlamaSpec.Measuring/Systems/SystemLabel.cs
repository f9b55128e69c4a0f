using System.Globalization;

namespace LlamaSpec.Measuring.Systems;

/// <summary>What is compared: a program and its drafting.</summary>
/// <param name="Name">As the tables show it; a policy's own name.</param>
/// <param name="PlainName">The plain decoding of the same program; null when it is that.</param>
/// <param name="IsLlamaServer">llama-server, not LlamaSpec.</param>
internal sealed record SystemLabel(string Name, string? PlainName = null, bool IsLlamaServer = false)
{
    /// <summary>Plain decoding with the kernels that the policies use: the baseline of all ratios.</summary>
    public static SystemLabel Plain { get; } = new("plain");

    /// <summary>Plain decoding with llama.cpp's own kernels.</summary>
    public static SystemLabel StockPlain { get; } = new("plain, rows off");

    /// <summary>The longest accepted draft, known in advance.</summary>
    public static SystemLabel Oracle { get; } = Policy("oracle");

    /// <summary>llama-server without a draft.</summary>
    public static SystemLabel PlainServer { get; } = new("llama-server plain", IsLlamaServer: true);

    /// <summary>A policy of LlamaSpec.</summary>
    public static SystemLabel Policy(string policy) => new(policy, Plain.Name);

    /// <summary>llama-server with drafts of up to so many tokens.</summary>
    public static SystemLabel DraftingServer(int draftLength) => new($"llama-server n_max {draftLength}", PlainServer.Name, IsLlamaServer: true);

    /// <summary>Whether it drafts.</summary>
    public bool IsSpeculative => PlainName is not null;

    /// <summary>Whether it is a policy of LlamaSpec.</summary>
    public bool IsPolicy => IsSpeculative && !IsLlamaServer;

    /// <summary>The length that the policy always drafts, or null when it is another policy, or none.</summary>
    public int? FixedLength => IsPolicy && Name.Split(':') is ["fixed", var length]
        ? int.Parse(length, CultureInfo.InvariantCulture)
        : null;
}
