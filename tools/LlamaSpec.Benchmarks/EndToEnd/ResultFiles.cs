using LlamaSpec.Benchmarks.EndToEnd.Results;

namespace LlamaSpec.Benchmarks.EndToEnd;

/// <summary>The files of a run: a table to read and commit, and everything for other programs.</summary>
internal static class ResultFiles
{
    /// <summary>Writes both, named after the target and the time, so that no run overwrites another.</summary>
    /// <returns>The path of the table.</returns>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static string Write(string folder, EndToEndDocument document, string markdown)
    {
        var target = Path.GetFileNameWithoutExtension(document.Run.Target.Name);
        var path = Path.Combine(folder, FormattableString.Invariant($"end-to-end-{target}-{document.Run.Started:yyyyMMdd-HHmmss}"));
        File.WriteAllText($"{path}.md", markdown);
        File.WriteAllText($"{path}.json", EndToEndJson.Write(document));
        return $"{path}.md";
    }
}
