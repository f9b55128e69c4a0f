using LlamaSpec.Drafting;
using System.Globalization;

namespace LlamaSpec.Measuring.Systems;

/// <summary>What is compared: a program and its drafting.</summary>
/// <param name="Name">As the tables show it; a policy's own name.</param>
/// <param name="PlainName">The plain decoding of the same program; null when it is that.</param>
/// <param name="IsLlamaServer">llama-server, not LlamaSpec.</param>
internal sealed record SystemLabel(string Name, string? PlainName = null, bool IsLlamaServer = false)
{
    /// <summary>Stands between a policy and its drafter.</summary>
    public const char DrafterMark = '@';

    /// <summary>Plain decoding with the kernels that the policies use: the baseline of all ratios.</summary>
    public static SystemLabel Plain { get; } = new("plain");

    /// <summary>Plain decoding with llama.cpp's own kernels.</summary>
    public static SystemLabel StockPlain { get; } = new("plain, rows off");

    /// <summary>The longest accepted draft, known in advance.</summary>
    public static SystemLabel Oracle { get; } = Policy("oracle") with { Drafter = DrafterChoice.ModelName };

    /// <summary>llama-server without a draft.</summary>
    public static SystemLabel PlainServer { get; } = new("llama-server plain", IsLlamaServer: true);

    /// <summary>A policy of LlamaSpec.</summary>
    /// <param name="policy">Its name.</param>
    /// <param name="drafter">The drafter's name; null (default) = the one that LlamaSpec chooses.</param>
    public static SystemLabel Policy(string policy, string? drafter = null) =>
        new(drafter is null ? policy : $"{policy}{DrafterMark}{drafter}", Plain.Name) { Drafter = drafter };

    /// <summary>llama-server with drafts of up to so many tokens.</summary>
    public static SystemLabel DraftingServer(int draftLength) =>
        new($"llama-server n_max {draftLength}", PlainServer.Name, IsLlamaServer: true) { Drafter = DrafterChoice.ModelName };

    /// <summary>llama-server that looks its own text up.</summary>
    /// <param name="setting">The kind, with its lengths where they were chosen.</param>
    /// <param name="kind">The kind alone.</param>
    public static SystemLabel NGramServer(string setting, string kind) =>
        new($"llama-server {setting}", PlainServer.Name, IsLlamaServer: true) { Drafter = kind };

    /// <summary>What drafts: a drafter of LlamaSpec or a kind of llama-server's; null = nothing, or what LlamaSpec chooses.</summary>
    public string? Drafter { get; init; }

    /// <summary>Whether it drafts.</summary>
    public bool IsSpeculative => PlainName is not null;

    /// <summary>Whether it is a policy of LlamaSpec.</summary>
    public bool IsPolicy => IsSpeculative && !IsLlamaServer;

    /// <summary>Whether it is llama-server with drafts from its own text.</summary>
    public bool IsNGramServer => this is { IsLlamaServer: true, IsSpeculative: true, Drafter: not DrafterChoice.ModelName };

    /// <summary>The length that the policy always drafts, or null when it is another policy, or none.</summary>
    public int? FixedLength => IsPolicy && Name.Split(DrafterMark)[0].Split(':') is ["fixed", var length]
        ? int.Parse(length, CultureInfo.InvariantCulture)
        : null;
}
