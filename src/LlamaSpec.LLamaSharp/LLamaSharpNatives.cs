using System.Runtime.InteropServices;
using LLama.Native;

namespace LlamaSpec.LLamaSharp;

/// <summary>Makes LLamaSharp use a llama.cpp that was built elsewhere, instead of the one in a package LLamaSharp.Backend.*.</summary>
public static class LLamaSharpNatives
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void LoadBackends([MarshalAs(UnmanagedType.LPUTF8Str)] string folder);

    /// <summary>To be called before anything else of LLamaSharp.</summary>
    /// <param name="path">libllama.so, libllama.dylib or llama.dll, of just the llama.cpp that this LLamaSharp was made for, with ggml's libraries beside it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidOperationException">LLamaSharp has loaded its libraries already.</exception>
    public static void Use(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no library {path}. Give the path of libllama.", path);
        }

        NativeLibraryConfig.LLama.WithLibrary(path);
        LoadProcessorBackends(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetExtension(path));
    }

    /// <summary>For tests and benchmarks: the library that the environment names, where it names one; llama.cpp's log is not shown.</summary>
    internal static void UseThoseOfTheEnvironment()
    {
        NativeLibraryConfig.LLama.WithLogCallback(static (level, message) => { });
        if (Environment.GetEnvironmentVariable("LLAMASPEC_LLAMASHARP_NATIVES") is { Length: > 0 } file)
        {
            Use(file);
        }
    }

    // Builds of llama.cpp that hold a backend for each kind of processor must be told to look for them; LLamaSharp does not.
    private static void LoadProcessorBackends(string folder, string ending)
    {
        if (Directory.GetFiles(folder, $"*ggml-cpu-*{ending}").Length > 0 && Directory.GetFiles(folder, $"*ggml.*{ending}").Append(Path.Combine(folder, $"ggml{ending}")).FirstOrDefault(File.Exists) is { } file)
        {
            var library = NativeLibrary.Load(file);
            Marshal.GetDelegateForFunctionPointer<LoadBackends>(NativeLibrary.GetExport(library, "ggml_backend_load_all_from_path"))(folder);
        }
    }
}
