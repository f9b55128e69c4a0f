using System.Diagnostics;
using System.Security.Cryptography;
using LlamaSpec.Gguf;
using LlamaSpec.Models;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>
/// A widened copy of a model: the same function with larger matrices, for measurements of models that exceed the cache with texts
/// and acceptance of a small one (algorithms.md, section 6).
/// </summary>
internal sealed record WidenedTarget
{
    // Enough to tell files apart, short enough for a file name.
    private const int HashDigits = 12;

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it was there already.</summary>
    public required bool WasReused { get; init; }

    /// <summary>Time to write it, without the check; zero when it was there.</summary>
    public TimeSpan WritingTime { get; init; }

    /// <summary>What the check found; null when there was none.</summary>
    public LogitDifference? Difference { get; init; }

    /// <summary>Why it is another model than the original, where <see cref="WidenOptions.KeepsOther"/> allows that; null when it is the same.</summary>
    public string? Problem { get; init; }

    /// <summary>Makes a widened copy, or finds it. Blocks nothing: the work is done on a pool thread.</summary>
    /// <param name="sourcePath">A GGUF file of a dense llama model.</param>
    /// <param name="options">null = defaults.</param>
    /// <param name="progress">Told what is being done, from a pool thread.</param>
    /// <param name="cancellationToken">Stops the work and leaves nothing behind.</param>
    /// <exception cref="ArgumentException">The model cannot have that width or type.</exception>
    /// <exception cref="FileNotFoundException">There is no such source.</exception>
    /// <exception cref="ModelFailureException">
    /// The source cannot be read or widened, the file that is there is no such copy, or the copy failed its check.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static Task<WidenedTarget> EnsureAsync(
        string sourcePath,
        WidenOptions? options = null,
        IProgress<WidenProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Task.Run(() => Ensure(sourcePath, options ?? new WidenOptions(), progress, cancellationToken), cancellationToken);

    private static WidenedTarget Ensure(
        string sourcePath, WidenOptions options, IProgress<WidenProgress>? progress, CancellationToken cancellationToken)
    {
        // First what fails early: bad options cost no hashing.
        options.Validate();
        var source = GgufReader.Read(sourcePath);
        var width = options.Width ?? LlamaShape.Read(source).Width;
        var widener = new ModelWidener(source, options.Type, width);
        progress?.Report(new WidenProgress("hashing", 0));
        var mark = new WideningMark(HashOf(sourcePath), width, options.Type);
        var path = System.IO.Path.GetFullPath(options.OutputPath ?? CachePath(sourcePath, mark, widens: options.Width is not null));
        if (File.Exists(path) && !options.Force)
        {
            return Reuse(sourcePath, path, mark, options, progress, cancellationToken);
        }

        mark.WriteTo(widener.Metadata);
        return Make(sourcePath, path, widener, options, progress, cancellationToken);
    }

    private static WidenedTarget Reuse(
        string sourcePath,
        string path,
        WideningMark mark,
        WidenOptions options,
        IProgress<WidenProgress>? progress,
        CancellationToken cancellationToken)
    {
        if (WideningMark.Read(GgufReader.Read(path).Metadata) != mark)
        {
            throw new ModelFailureException(
                $"{path} is there already and is no copy of {sourcePath} with width {mark.Width} and type {mark.Type}. "
                + "Name another file, or overwrite it with --force.");
        }

        LogitDifference? difference = options.ChecksReused ? Check(sourcePath, path, options, progress, cancellationToken) : null;
        var problem = difference is { } found ? LogitBounds.Problem(found, options.Type) : null;
        if (problem is not null && !options.KeepsOther)
        {
            throw new ModelFailureException($"{path} does not compute what {sourcePath} does: {problem}. Write it again with --force.");
        }

        return new WidenedTarget { Path = path, WasReused = true, Difference = difference, Problem = problem };
    }

    private static WidenedTarget Make(
        string sourcePath,
        string path,
        ModelWidener widener,
        WidenOptions options,
        IProgress<WidenProgress>? progress,
        CancellationToken cancellationToken)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        var temporaryPath = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            var start = Stopwatch.GetTimestamp();
            using (var stream = new FileStream(temporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 20))
            {
                widener.Write(stream, fraction => progress?.Report(new WidenProgress("writing", fraction)), cancellationToken);
            }

            var writingTime = Stopwatch.GetElapsedTime(start);
            var difference = Check(sourcePath, temporaryPath, options, progress, cancellationToken);
            var problem = LogitBounds.Problem(difference, options.Type);
            if (problem is not null && !options.KeepsOther)
            {
                throw new ModelFailureException(
                    $"{sourcePath}, widened to {options.Width} as {options.Type}, does not compute what the original does: {problem}. "
                    + "The copy was not kept. Choose a type with more bits.");
            }

            File.Move(temporaryPath, path, overwrite: true);
            return new WidenedTarget { Path = path, WasReused = false, WritingTime = writingTime, Difference = difference, Problem = problem };
        }
        finally
        {
            File.Delete(temporaryPath);
        }
    }

    private static LogitDifference Check(
        string sourcePath, string path, WidenOptions options, IProgress<WidenProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new WidenProgress("checking", 0));
        return LogitCheck.Compare(sourcePath, path, options.ThreadCount, cancellationToken);
    }

    private static string CachePath(string sourcePath, WideningMark mark, bool widens)
    {
        var (name, type) = (System.IO.Path.GetFileNameWithoutExtension(sourcePath), WidenOptions.NameOf(mark.Type));
        var size = widens ? $"-w{mark.Width}" : string.Empty;
        return System.IO.Path.Combine(BenchmarkCache.Folder, $"{name}{size}-{type}-{mark.SourceHash[..HashDigits]}.gguf");
    }

    private static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
