namespace LlamaSpec.Native;

/// <summary>
/// The small pair that comes with LlamaSpec, so that everything works without a download. A demonstration model: fluent,
/// repetitive at temperature 0, not knowledgeable.
/// </summary>
public static class EmbeddedPair
{
    /// <summary>Environment variable that names another folder with target.gguf and draft.gguf.</summary>
    public const string FolderVariable = "LLAMASPEC_MODELS";

    /// <summary>The folder: that of <see cref="FolderVariable"/>, or "models" beside the application.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
        ? folder
        : Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The target's file.</summary>
    public static string TargetPath => Path.Combine(Folder, "target.gguf");

    /// <summary>The draft's file.</summary>
    public static string DraftPath => Path.Combine(Folder, "draft.gguf");
}
