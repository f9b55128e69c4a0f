using System.Runtime.InteropServices;
using LLama.Native;

namespace LlamaSpec.LLamaSharp.Tests;

/// <summary>
/// Where LLamaSharp finds llama.cpp: by default in the package LLamaSharp.Backend.Cpu; with an assembly built elsewhere in the file
/// that the environment names.
/// </summary>
[SetUpFixture]
public sealed class NativeLibraries
{
    /// <summary>The environment variable with the path of libllama.</summary>
    public const string Variable = "LLAMASPEC_LLAMASHARP_NATIVES";

    private delegate void LoadBackends([MarshalAs(UnmanagedType.LPUTF8Str)] string folder);

    [OneTimeSetUp]
    public void Choose()
    {
        NativeLibraryConfig.LLama.WithLogCallback(static (level, message) => { });
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file)
        {
            NativeLibraryConfig.LLama.WithLibrary(file);
            LoadProcessorBackends(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
    }

    // Builds of llama.cpp that hold a backend for each kind of processor must be told to look for them; LLamaSharp's own do not.
    private static void LoadProcessorBackends(string folder)
    {
        if (Directory.GetFiles(folder, "*ggml-cpu-*").Length > 0)
        {
            var library = NativeLibrary.Load(Directory.GetFiles(folder, "*ggml.*").First());
            Marshal.GetDelegateForFunctionPointer<LoadBackends>(NativeLibrary.GetExport(library, "ggml_backend_load_all_from_path"))(folder);
        }
    }
}
