using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests;

/// <summary>No test writes into the user's folders, and a pair is measured once for all of them.</summary>
[SetUpFixture]
public sealed class StateOfTheTests
{
    private StateFolder _state = null!;

    [OneTimeSetUp]
    public void Create() => _state = new StateFolder();

    [OneTimeTearDown]
    public void Delete() => _state.Dispose();
}
