namespace LlamaSpec;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("llamaspec-").FullName;

    public string this[string fileName] => Path.Combine(_path, fileName);

    public string[] FileNames => [.. Directory.EnumerateFiles(_path).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
