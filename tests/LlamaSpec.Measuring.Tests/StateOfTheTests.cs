using LlamaSpec.Calibration;

namespace LlamaSpec.Measuring.Tests;

/// <summary>No test writes into the user's folders, and a pair is measured once for all of them.</summary>
[SetUpFixture]
public sealed class StateOfTheTests
{
    private readonly string? _before = Environment.GetEnvironmentVariable(ProfileStore.FolderVariable);
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public void Create()
    {
        _folder = new TemporaryFolder();
        Environment.SetEnvironmentVariable(ProfileStore.FolderVariable, _folder["state"]);
    }

    [OneTimeTearDown]
    public void Delete()
    {
        Environment.SetEnvironmentVariable(ProfileStore.FolderVariable, _before);
        _folder.Dispose();
    }
}
