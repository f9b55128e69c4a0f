using System.Diagnostics;
using System.Runtime.InteropServices;
using LLama.Native;

namespace LlamaSpec.LLamaSharp;

/// <summary>The llama.cpp that LLamaSharp has loaded into this process.</summary>
internal static class LoadedLlama
{
    private const string DefaultParameters = "llama_context_default_params";

    // Larger than any llama_context_params.
    private const int RoomBytes = 1024;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate RoomyParameters ReadDefaultParameters();

    /// <summary>The file that the library was loaded from, or null where the system does not tell, or another llama.cpp is loaded, too.</summary>
    public static string? TryFindFile()
    {
        using var process = Process.GetCurrentProcess();
        string[] files =
        [
            .. process.Modules.Cast<ProcessModule>()
                .Select(static module => module.FileName)
                .Where(static file => Path.GetFileName(file) is { } name
                    && (name.StartsWith("libllama.", StringComparison.Ordinal) || name.Equals("llama.dll", StringComparison.OrdinalIgnoreCase)))
                .Distinct(),
        ];
        return files.Length == 1 ? files[0] : null;
    }

    /// <summary>
    /// llama.cpp's default parameters of a context, read into a place with room to spare: a library of another version may return a
    /// larger structure than LLamaSharp has room for, and overwrite the stack.
    /// </summary>
    public static LLamaContextParams ReadDefaults(string? file)
    {
        if (file is null || !NativeLibrary.TryLoad(file, out var library))
        {
            return LLamaContextParams.Default();
        }

        try
        {
            return Marshal.GetDelegateForFunctionPointer<ReadDefaultParameters>(NativeLibrary.GetExport(library, DefaultParameters))().Parameters;
        }
        finally
        {
            NativeLibrary.Free(library); // LLamaSharp has loaded it, too
        }
    }

    [StructLayout(LayoutKind.Sequential, Size = RoomBytes)]
    private struct RoomyParameters
    {
        public LLamaContextParams Parameters;
    }
}
