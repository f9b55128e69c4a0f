using System.Runtime.InteropServices;

namespace LlamaSpec.Native.Tests.Kernels;

/// <summary>The instruction sets that a processor of this architecture may have: 0 = scalar, 1 = AVX2, 2 = AVX-512, 3 = NEON.</summary>
internal static class InstructionSets
{
    public static IEnumerable<int> OfTheArchitecture() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => [0, 1, 2],
        Architecture.Arm64 => [0, 3],
        _ => [0],
    };
}
