using System.Globalization;
using LlamaSpec.Calibration;
using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native.Calibration;

/// <summary>
/// Names what a cost profile was measured of: the two files, the native libraries, the machine, and the options that change
/// what a decode costs.
/// </summary>
public static class ProfileKey
{
    /// <summary>
    /// 64 hexadecimal digits for the pair that these options would load, or null where a file is missing or cannot be read.
    /// Reads up to 2 MiB of each file.
    /// </summary>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static string? TryCreate(ModelPairOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            var target = ModelFingerprint.Of(options.TargetPath ?? EmbeddedPair.TargetPath);
            var draft = options.DraftPathInUse is { } path ? ModelFingerprint.Of(path) : "none";
            return MachineKey.Of(
            [
                $"target {target}",
                $"draft {draft}",
                string.Create(CultureInfo.InvariantCulture, $"threads {options.TargetThreadCount} {options.DraftThreadCount}"),
                string.Create(CultureInfo.InvariantCulture, $"attention {options.FlashAttention} rows {options.FastRows}"),
                string.Create(CultureInfo.InvariantCulture, $"gpu {options.GpuLayerCount} {options.DraftGpuLayerCountInUse}"),
                $"natives {LlamaBackend.LlamaVersion} {ShimImports.AbiVersion} {typeof(ProfileKey).Assembly.GetName().Version}",

                // The backend names its devices: the processor, and the GPU where there is one.
                $"system {LlamaBackend.SystemInfo}",
            ]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // An impossible path is the load's to report.
            return null;
        }
    }
}
