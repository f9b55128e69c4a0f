using LlamaSpec.Calibration;

namespace LlamaSpec.Cli.Tests.Fakes;

/// <summary>An empty folder for state, for this process and those it starts, as long as the scope lasts.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(ProfileStore.FolderVariable);

    public StateFolder() => Environment.SetEnvironmentVariable(ProfileStore.FolderVariable, Path);

    public string Path => _folder.File("state");

    public string[] Files => Directory.Exists(Path) ? Directory.GetFiles(Path) : [];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ProfileStore.FolderVariable, _before);
        _folder.Dispose();
    }
}
