using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>The bytes of every token, read once, so that decoding a token neither calls into llama.cpp nor allocates.</summary>
internal sealed unsafe class TokenBytes
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    public TokenBytes(ModelHandle model, int vocabularySize)
    {
        // Tokens average 4 to 6 bytes; the list doubles where that is too little.
        var bytes = new List<byte>(vocabularySize * 8);
        _starts = new int[vocabularySize + 1];
        Span<byte> buffer = stackalloc byte[256];
        for (var token = 0; token < vocabularySize; token++)
        {
            Append(model, token, buffer, bytes);
            _starts[token + 1] = bytes.Count;
            MaximumLength = Math.Max(MaximumLength, _starts[token + 1] - _starts[token]);
        }

        _bytes = [.. bytes];
    }

    public int MaximumLength { get; }

    public ReadOnlySpan<byte> this[int token] => _bytes.AsSpan(_starts[token], _starts[token + 1] - _starts[token]);

    private static void Append(ModelHandle model, int token, Span<byte> buffer, List<byte> bytes)
    {
        fixed (byte* pointer = buffer)
        {
            var status = ShimImports.TokenBytes(model, token, renderSpecial: 0, pointer, buffer.Length, out var length);
            if (status == ShimStatus.BufferTooSmall)
            {
                Append(model, token, new byte[length], bytes);
                return;
            }

            ShimErrors.ThrowOnError(status);
            bytes.AddRange(buffer[..length]);
        }
    }
}
