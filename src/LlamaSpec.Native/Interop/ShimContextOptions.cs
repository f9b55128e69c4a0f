using System.Runtime.InteropServices;

namespace LlamaSpec.Native.Interop;

/// <summary>lsl_context_options.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ShimContextOptions
{
    public int CellCount;
    public int RowCapacity;
    public int SequenceCount;
    public int ThreadCount;
    public int FlashAttention;
    public int FastRowsFirst;
    public int FastRowsLast;
}
