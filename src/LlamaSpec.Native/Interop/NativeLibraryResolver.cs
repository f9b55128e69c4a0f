using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlamaSpec.Native.Interop;

/// <summary>Finds this assembly's native libraries. Installed before any import can run.</summary>
internal static class NativeLibraryResolver
{
    public const string KernelLibrary = "llamaspec_kernels";

    private static readonly Lazy<NativeLibrarySearchResult> Shim = new(() => Find(ShimImports.Library));
    private static readonly Lazy<NativeLibrarySearchResult> Kernels = new(() => Find(KernelLibrary));

    /// <summary>Where the shim was loaded from: llama.cpp's backends lie beside it.</summary>
    public static string ShimDirectory => Shim.Value.Directory;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "Imports must resolve whichever type is touched first.")]
    internal static void Install() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryResolver).Assembly, Resolve);

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) => libraryName switch
    {
        ShimImports.Library => Shim.Value.Handle,
        KernelLibrary => Kernels.Value.Handle,
        _ => 0,
    };

    private static NativeLibrarySearchResult Find(string libraryName) =>
        NativeLibrarySearch.Load(libraryName, NativeLibrarySearch.DefaultDirectories());
}
