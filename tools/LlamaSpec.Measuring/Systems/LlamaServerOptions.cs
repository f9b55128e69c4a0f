using System.Globalization;

namespace LlamaSpec.Measuring.Systems;

/// <summary>How a llama-server is started.</summary>
internal sealed record LlamaServerOptions
{
    public required string ExecutablePath { get; init; }

    public required string TargetPath { get; init; }

    /// <summary>How it drafts. Default: not at all.</summary>
    public LlamaServerSetting Setting { get; init; } = LlamaServerSetting.Plain;

    /// <summary>A draft with the target's whole vocabulary. Without meaning when the setting needs none.</summary>
    public string? DraftPath { get; init; }

    /// <summary>Threads for the target.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>
    /// Threads for the draft. Default 1: a tiny draft's passes are too short to share, and with llama-server's polling more
    /// threads than processors bring it to a crawl.
    /// </summary>
    public int DraftThreadCount { get; init; } = 1;

    /// <summary>Fused attention; null (default) = llama-server decides.</summary>
    public bool? FlashAttention { get; init; }

    public required int ContextLength { get; init; }

    /// <summary>The command line, for llama.cpp v0.5.0.</summary>
    public IReadOnlyList<string> ToArguments(int port)
    {
        string[] always =
        [
            "--host", "127.0.0.1", "--port", Text(port), "-m", TargetPath, "-t", Text(ThreadCount), "-tb", Text(ThreadCount),
            "-c", Text(ContextLength), "-np", "1",
            // Its copies of old prompts would grow to 8 GiB; no request asks for them.
            "--cache-ram", "0",
        ];
        string[] attention = FlashAttention is { } fused ? ["-fa", fused ? "on" : "off"] : [];
        return [.. always, .. attention, .. Setting.ToArguments(DraftPath, DraftThreadCount)];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
