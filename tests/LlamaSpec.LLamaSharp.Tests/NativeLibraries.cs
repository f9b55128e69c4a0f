namespace LlamaSpec.LLamaSharp.Tests;

/// <summary>
/// Where LLamaSharp finds llama.cpp: by default in the package LLamaSharp.Backend.Cpu; with an assembly built elsewhere in the file
/// that the environment names.
/// </summary>
[SetUpFixture]
public sealed class NativeLibraries
{
    [OneTimeSetUp]
    public void Choose() => LLamaSharpNatives.UseThoseOfTheEnvironment();
}
