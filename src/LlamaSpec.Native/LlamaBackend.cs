using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>The native libraries as a whole: found, checked and started once per process, at first use. Safe from any thread.</summary>
public static unsafe class LlamaBackend
{
    private static readonly Lock StartLock = new();
    private static bool _isStarted;
    private static volatile Action<LlamaLogLevel, string>? _logSink;

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

    /// <summary>The GPUs that llama.cpp can place layers on, such as "CUDA0 (NVIDIA L4)". Empty = the processor computes everything.</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static IReadOnlyList<string> Gpus
    {
        get
        {
            EnsureStarted();
            var lines = ShimText.Read(0, static (int _, byte* buffer, int capacity, out int length) => ShimImports.GetGpus(buffer, capacity, out length));
            return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => $"{line.Replace("\t", " (", StringComparison.Ordinal)})")];
        }
    }

    /// <summary>The instructions that <see cref="FastRows"/> would use on this processor; null when it has none of them.</summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static string? FastRowInstructions
    {
        get
        {
            EnsureStarted();
            var name = ShimText.Read(0, static (int _, byte* buffer, int capacity, out int length) => ShimImports.GetFastRows(buffer, capacity, out length));
            return name.Length == 0 ? null : name;
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

    /// <summary>Whether that choice means LlamaSpec's own matrix products on this processor.</summary>
    /// <exception cref="NotSupportedException">They are asked for and cannot be had.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static bool UsesFastRows(FastRows choice)
    {
        if (choice == FastRows.On && FastRowInstructions is null)
        {
            throw new NotSupportedException(
                "Fast rows are on, but this processor has none of the instructions that they need (AVX-512 VNNI, AVX-VNNI, AVX2 or arm64 dot products). Leave them on auto.");
        }

        return choice != FastRows.Off && FastRowInstructions is not null;
    }

    /// <summary>
    /// Sends llama.cpp's log to <paramref name="sink"/>, for the whole process, in place of an earlier one. The default is
    /// silence. Set it before the first model is loaded to see the backends being loaded too.
    /// </summary>
    /// <param name="sink">
    /// Gets a line as llama.cpp wrote it, usually with its line break; a long one may come in parts of the same level. It is
    /// called from native threads, several at once, in the middle of loads and decodes: it should be quick, must not call
    /// LlamaSpec, and what it throws is swallowed. A call that has begun may end after the sink was replaced. null = silence.
    /// </param>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static void SetLog(Action<LlamaLogLevel, string>? sink)
    {
        lock (StartLock)
        {
            CheckAbi(NativeLibraryResolver.ShimDirectory);
            _logSink = sink;
            ShimErrors.ThrowOnError(ShimImports.SetLogSink(sink is null ? null : &ForwardLog));
        }
    }

    [UnmanagedCallersOnly]
    private static void ForwardLog(int level, byte* text)
    {
        try
        {
            // Level 0 is llama.cpp's "none", for text that belongs to no level.
            _logSink?.Invoke(level == 0 ? LlamaLogLevel.Information : (LlamaLogLevel)level, Text(text));
        }
        catch (Exception)
        {
            // It would unwind into native code, which ends the process.
        }
    }

    private static void Start(string directory)
    {
        CheckAbi(directory);
        if (ShimImports.Initialize(directory) != ShimStatus.Ok)
        {
            Refuse(directory, ShimErrors.LastMessage());
        }
    }

    private static void CheckAbi(string directory)
    {
        if (ShimImports.GetAbiVersion() != ShimImports.AbiVersion)
        {
            Refuse(directory, "its ABI does not fit");
        }
    }

    [DoesNotReturn]
    private static void Refuse(string directory, string reason) => throw new NativeLibraryException(
        $"The native libraries in {directory} cannot be used: {reason}. "
        + $"ABI {ShimImports.GetAbiVersion()} (needed: {ShimImports.AbiVersion}), llama.cpp {Text(ShimImports.GetLlamaVersion())} (built against: {Text(ShimImports.GetBuiltAgainstVersion())}). "
        + "Run ./build.sh native (Windows: ./build.ps1 native) again.");

    private static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? string.Empty;
}
