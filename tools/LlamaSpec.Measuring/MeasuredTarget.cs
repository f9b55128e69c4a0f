using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.WideModels;

namespace LlamaSpec.Measuring;

/// <summary>The target of a run: the file that was named, or a copy of it in the cache.</summary>
/// <param name="Path">The file that is loaded.</param>
/// <param name="Copy">How it differs from the one that was named; null when it is that.</param>
internal sealed record MeasuredTarget(string Path, TargetCopy? Copy)
{
    /// <summary>Makes the copy that was asked for, or finds it.</summary>
    /// <exception cref="ArgumentException">The target cannot have that type.</exception>
    /// <exception cref="Models.ModelFailureException">It cannot be read, or a widened copy does not compute what it does.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static async Task<MeasuredTarget> PrepareAsync(BenchOptions options, RunProgress progress, CancellationToken cancellationToken)
    {
        if ((options.WidenedType ?? options.RequantisedType) is not { } type)
        {
            return new MeasuredTarget(options.SourcePath, Copy: null);
        }

        var widens = options.WidenedType is not null;
        var typeName = WidenOptions.NameOf(type);
        progress.Note(widens ? $"the target is widened, or found widened ({typeName})" : $"the target is requantised, or found so ({typeName})");
        var copyOptions = widens ? new WidenOptions { Type = type } : WidenOptions.Requantised(type);
        var copy = await WidenedTarget.EnsureAsync(options.SourcePath, copyOptions, null, cancellationToken);
        if (copy.Problem is { } problem)
        {
            progress.Note($"warning: the copy is another model than the original: {problem}. Its speed counts, its texts do not.");
        }

        var name = System.IO.Path.GetFileName(options.SourcePath);
        return new MeasuredTarget(copy.Path, new TargetCopy(name, typeName, copyOptions.Width, copy.Problem));
    }
}
