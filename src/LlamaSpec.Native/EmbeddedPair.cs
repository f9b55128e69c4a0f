namespace LlamaSpec.Native;

/// <summary>
/// The small pair that comes with LlamaSpec, so that everything works without a download. A demonstration model: fluent,
/// repetitive at temperature 0, not knowledgeable.
/// </summary>
/// <remarks>
/// It comes with the repository and the llamaspec tool, not with the NuGet package, which stays small for those who bring
/// models of their own: there, give <see cref="ModelPairOptions.TargetPath"/>, or set <see cref="FolderVariable"/>.
/// </remarks>
public static class EmbeddedPair
{
    /// <summary>Environment variable that names another folder with target.gguf and draft.gguf.</summary>
    public const string FolderVariable = "LLAMASPEC_MODELS";

    internal const string MissingAdvice =
        "The embedded pair comes with the repository and the llamaspec tool, not with the package: "
        + $"give TargetPath, or set {FolderVariable} to a folder with target.gguf and draft.gguf.";

    /// <summary>The folder: that of <see cref="FolderVariable"/>, or "models" beside the application.</summary>
    public static string Folder => Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder
        ? folder
        : Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The target's file.</summary>
    public static string TargetPath => Path.Combine(Folder, "target.gguf");

    /// <summary>The draft's file.</summary>
    public static string DraftPath => Path.Combine(Folder, "draft.gguf");

    internal static bool Has(string path) => path == TargetPath || path == DraftPath;
}
