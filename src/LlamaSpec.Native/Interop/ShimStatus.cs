namespace LlamaSpec.Native.Interop;

/// <summary>Mirrors the status constants of native/shim/llamaspec_llama.h.</summary>
internal enum ShimStatus
{
    Ok = 0,
    NoKvSlot = 1,
    Aborted = 2,
    BufferTooSmall = 3,
    NotFound = 4,
    Cancelled = 5,
    InvalidArgument = 10,
    InvalidHandle = 11,
    WrongVersion = 12,
    LoadFailed = 13,
    OutOfMemory = 14,
    Failed = 15,
}
