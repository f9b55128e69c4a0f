using LLama.Native;

namespace LlamaSpec.LLamaSharp.Tests;

/// <summary>
/// Where LLamaSharp finds llama.cpp: by default in the package LLamaSharp.Backend.Cpu; with an assembly built elsewhere in the file
/// that the environment names.
/// </summary>
[SetUpFixture]
public sealed class NativeLibraries
{
    [OneTimeSetUp]
    public void Choose()
    {
        NativeLibraryConfig.LLama.WithLogCallback(static (level, message) => { });
        if (Environment.GetEnvironmentVariable("LLAMASPEC_LLAMASHARP_NATIVES") is { Length: > 0 } file)
        {
            LLamaSharpNatives.Use(file);
        }
    }
}
