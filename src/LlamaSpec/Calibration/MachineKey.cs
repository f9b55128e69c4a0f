using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LlamaSpec.Calibration;

/// <summary>Names what figures hold for: 64 hexadecimal digits for some facts on this machine.</summary>
internal static class MachineKey
{
    private const double GigaByte = 1e9;

    /// <summary>The key.</summary>
    /// <param name="facts">What was measured, and with which settings and libraries.</param>
    public static string Of(IEnumerable<string> facts)
    {
        string[] machine =
        [
            $"os {RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"processors {Environment.ProcessorCount} memory {Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / GigaByte)}"),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', facts.Concat(machine)))));
    }
}
