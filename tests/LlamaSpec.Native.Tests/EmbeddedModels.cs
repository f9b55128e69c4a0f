namespace LlamaSpec.Native.Tests;

/// <summary>The embedded pair, loaded once for all fixtures.</summary>
[SetUpFixture]
public sealed class EmbeddedModels
{
    private static LlamaModel? _target;
    private static LlamaModel? _draft;

    public static string TargetPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "target.gguf");

    public static string DraftPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "draft.gguf");

    public static LlamaModel Target => _target ??= LlamaModel.Load(TargetPath);

    public static LlamaModel Draft => _draft ??= LlamaModel.Load(DraftPath);

    [OneTimeTearDown]
    public void DisposeModels()
    {
        _target?.Dispose();
        _draft?.Dispose();
    }
}
