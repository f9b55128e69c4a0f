using LlamaSpec.Native.Tests.Calibration;

namespace LlamaSpec.Native.Tests;

/// <summary>The embedded pair, loaded once for all fixtures, and a folder for state that is not the user's.</summary>
[SetUpFixture]
public sealed class EmbeddedModels
{
    private static LlamaModel? _target;
    private static LlamaModel? _draft;
    private StateScope _state = null!;

    public static string TargetPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "target.gguf");

    public static string DraftPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "draft.gguf");

    public static LlamaModel Target => _target ??= LlamaModel.Load(TargetPath);

    public static LlamaModel Draft => _draft ??= LlamaModel.Load(DraftPath);

    [OneTimeSetUp]
    public void CreateState() => _state = new StateScope();

    [OneTimeTearDown]
    public void DisposeModels()
    {
        _target?.Dispose();
        _draft?.Dispose();
        _state.Dispose();
    }
}
