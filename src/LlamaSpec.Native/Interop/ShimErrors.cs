using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using LlamaSpec.Models;

namespace LlamaSpec.Native.Interop;

/// <summary>Turns statuses into exceptions. The message is the calling thread's own, so call this on the thread that failed.</summary>
internal static unsafe class ShimErrors
{
    public static void ThrowOnError(ShimStatus status)
    {
        if (status != ShimStatus.Ok)
        {
            Throw(status);
        }
    }

    public static string LastMessage() => Marshal.PtrToStringUTF8((nint)ShimImports.GetLastMessage()) ?? string.Empty;

    [DoesNotReturn]
    private static void Throw(ShimStatus status)
    {
        var message = LastMessage();
        throw status switch
        {
            ShimStatus.Cancelled => new OperationCanceledException(message),
            ShimStatus.InvalidArgument => new ArgumentException(message),
            ShimStatus.InvalidHandle => new ObjectDisposedException(null, message),
            ShimStatus.WrongVersion => new NativeLibraryException(message),
            ShimStatus.OutOfMemory => new ModelFailureException($"Out of memory: {message}. Use a smaller model, fewer KV cache cells, or the target without a draft."),
            _ => new ModelFailureException(message),
        };
    }
}
