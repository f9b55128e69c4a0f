using System.Runtime.InteropServices;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>The native libraries as a whole: found, checked and started once per process, at first use. Safe from any thread.</summary>
public static unsafe class LlamaBackend
{
    private static readonly Lock StartLock = new();
    private static bool _isStarted;

    /// <summary>Version of the llama.cpp that was loaded, for example "0.5.0".</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static string LlamaVersion
    {
        get
        {
            EnsureStarted();
            return Text(ShimImports.GetLlamaVersion());
        }
    }

    /// <summary>Where the native libraries were loaded from.</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing.</exception>
    public static string LibraryDirectory => NativeLibraryResolver.ShimDirectory;

    /// <summary>Instruction sets and devices in use, for diagnostics.</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static string SystemInfo
    {
        get
        {
            EnsureStarted();
            return ShimText.Read(0, static (int _, byte* buffer, int capacity, out int length) => ShimImports.GetSystemInfo(buffer, capacity, out length));
        }
    }

    /// <summary>Checks ABI, llama.cpp version and struct layout, and loads the compute backends. Later calls do nothing.</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static void EnsureStarted()
    {
        if (Volatile.Read(ref _isStarted))
        {
            return;
        }

        lock (StartLock)
        {
            if (_isStarted)
            {
                return;
            }

            Start(NativeLibraryResolver.ShimDirectory);
            Volatile.Write(ref _isStarted, true);
        }
    }

    private static void Start(string directory)
    {
        var abiVersion = ShimImports.GetAbiVersion();
        var reason = abiVersion != ShimImports.AbiVersion ? "its ABI does not fit"
            : ShimImports.Initialize(directory) != ShimStatus.Ok ? ShimErrors.LastMessage()
            : null;
        if (reason is not null)
        {
            throw new NativeLibraryException(
                $"The native libraries in {directory} cannot be used: {reason}. "
                + $"ABI {abiVersion} (needed: {ShimImports.AbiVersion}), llama.cpp {Text(ShimImports.GetLlamaVersion())} (built against: {Text(ShimImports.GetBuiltAgainstVersion())}). "
                + "Run ./build.sh native (Windows: ./build.ps1 native) again.");
        }
    }

    private static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? string.Empty;
}
