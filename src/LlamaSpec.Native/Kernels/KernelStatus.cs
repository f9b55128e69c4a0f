namespace LlamaSpec.Native.Kernels;

/// <summary>LSK_* statuses.</summary>
internal enum KernelStatus
{
    Ok = 0,
    InvalidArgument = 1,
    Unsupported = 2,
    InvalidRow = 3,
    OutOfMemory = 4,
}
