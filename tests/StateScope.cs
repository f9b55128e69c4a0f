using LlamaSpec.Calibration;

namespace LlamaSpec;

/// <summary>An empty folder for state, as long as the scope lasts. Process-wide: not for parallel tests.</summary>
internal sealed class StateScope : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(ProfileStore.FolderVariable);

    public StateScope() => Environment.SetEnvironmentVariable(ProfileStore.FolderVariable, Folder);

    public string Folder => _folder["state"];

    public string[] Files => Directory.Exists(Folder) ? Directory.GetFiles(Folder) : [];

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ProfileStore.FolderVariable, _before);
        _folder.Dispose();
    }
}
