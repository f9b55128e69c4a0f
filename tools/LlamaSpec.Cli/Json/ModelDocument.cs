using LlamaSpec.Native;

namespace LlamaSpec.Cli.Json;

/// <summary>A model in check --json.</summary>
internal sealed record ModelDocument
{
    public required string File { get; init; }

    public required string Description { get; init; }

    public required long ParameterCount { get; init; }

    public required long SizeBytes { get; init; }

    public required int LayerCount { get; init; }

    public required int HiddenSize { get; init; }

    public required int VocabularySize { get; init; }

    public required int TrainedContextLength { get; init; }

    /// <summary>False for a trimmed draft, which borrows its target's vocabulary.</summary>
    public required bool HasVocabulary { get; init; }

    public required bool HasChatTemplate { get; init; }

    /// <summary>True for models whose state cannot be rolled back: they cannot be sped up by drafts.</summary>
    public required bool IsRecurrent { get; init; }

    public static ModelDocument From(LlamaModel model) => new()
    {
        File = Path.GetFileName(model.FilePath),
        Description = model.Info.Description,
        ParameterCount = model.Info.ParameterCount,
        SizeBytes = model.Info.SizeBytes,
        LayerCount = model.Info.LayerCount,
        HiddenSize = model.Info.HiddenSize,
        VocabularySize = model.Info.VocabularySize,
        TrainedContextLength = model.Info.TrainedContextLength,
        HasVocabulary = model.HasVocabulary,
        HasChatTemplate = model.ChatTemplate is not null,
        IsRecurrent = model.IsRecurrent,
    };
}
