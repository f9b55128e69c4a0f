using System.Buffers;
using System.Text;

namespace LlamaSpec.Native.Interop;

/// <summary>Reads text from calls that fill a buffer: asks for the length, then for the text.</summary>
internal static unsafe class ShimText
{
    public delegate ShimStatus Fill<TState>(TState state, byte* buffer, int capacity, out int length);

    /// <summary>The length that a call gave, whether or not the text fitted.</summary>
    public static int LengthOf(ShimStatus status, int length)
    {
        if (status != ShimStatus.BufferTooSmall)
        {
            ShimErrors.ThrowOnError(status);
        }

        return length;
    }

    public static string Read<TState>(TState state, Fill<TState> fill)
    {
        Span<byte> stack = stackalloc byte[512];
        int length;
        fixed (byte* pointer = stack)
        {
            var status = fill(state, pointer, stack.Length, out length);
            if (status != ShimStatus.BufferTooSmall)
            {
                ShimErrors.ThrowOnError(status);
                return Encoding.UTF8.GetString(stack[..length]);
            }
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            fixed (byte* pointer = rented)
            {
                ShimErrors.ThrowOnError(fill(state, pointer, rented.Length, out length));
            }

            return Encoding.UTF8.GetString(rented, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
