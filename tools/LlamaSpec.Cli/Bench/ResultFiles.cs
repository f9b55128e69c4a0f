using LlamaSpec.Files;
using LlamaSpec.Measuring.Reports;
using LlamaSpec.Measuring.Results;

namespace LlamaSpec.Cli.Bench;

/// <summary>The files of a run: a table to read and commit, a page with charts, and everything for other programs.</summary>
internal static class ResultFiles
{
    /// <summary>Creates the folder and tries to write into it: better now than after an hour of measuring.</summary>
    /// <exception cref="IOException">It cannot be written to.</exception>
    public static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot create the folder {folder}: {error.Message.TrimEnd('.')}. Choose another place.", error);
        }

        AtomicFile.Create(Path.Combine(folder, "bench")).Dispose();
    }

    /// <summary>Writes all, named after the target and the time, so that no run overwrites another.</summary>
    /// <returns>The path of the table.</returns>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static string Write(string folder, BenchDocument document)
    {
        var target = Path.GetFileNameWithoutExtension(document.Run.Target.Name);
        var path = Path.Combine(folder, FormattableString.Invariant($"bench-{target}-{document.Run.Started:yyyyMMdd-HHmmss}"));
        Write($"{path}.md", MarkdownReport.Write(document));
        Write($"{path}.json", BenchJson.Write(document));
        Write($"{path}.html", HtmlReport.Write(document));
        return $"{path}.md";
    }

    private static void Write(string path, string text)
    {
        using var file = AtomicFile.Create(path);
        file.Write(text);
        file.Commit();
    }
}
