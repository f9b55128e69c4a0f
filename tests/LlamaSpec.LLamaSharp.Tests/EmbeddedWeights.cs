using LLama;
using LLama.Common;

namespace LlamaSpec.LLamaSharp.Tests;

/// <summary>The embedded pair, loaded by LLamaSharp once for all tests.</summary>
internal static class EmbeddedWeights
{
    public static readonly string TargetPath = Path.Combine(AppContext.BaseDirectory, "models", "target.gguf");

    /// <summary>A trimmed draft: its file tells which tokens its rows stand for.</summary>
    public static readonly string DraftPath = Path.Combine(AppContext.BaseDirectory, "models", "draft.gguf");

    private static readonly Lazy<LLamaWeights> LazyTarget = new(static () => LLamaWeights.LoadFromFile(Parameters(TargetPath)));
    private static readonly Lazy<LLamaWeights> LazyDraft = new(static () => LLamaWeights.LoadFromFile(Parameters(DraftPath)));

    public static LLamaWeights Target => LazyTarget.Value;

    public static LLamaWeights Draft => LazyDraft.Value;

    /// <summary>One thread: several wait for each other on a busy machine.</summary>
    public static ModelParams Parameters(string path) => new(path) { Threads = 1, BatchThreads = 1, GpuLayerCount = 0 };
}
