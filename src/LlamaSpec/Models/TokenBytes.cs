namespace LlamaSpec.Models;

/// <summary>The bytes of every token, read once, so that decoding a token neither calls into a backend nor allocates.</summary>
internal sealed class TokenBytes
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    public TokenBytes(int vocabularySize, TokenTextReader readBytes)
    {
        // Tokens average 4 to 6 bytes; the list doubles where that is too little.
        var bytes = new List<byte>(vocabularySize * 8);
        _starts = new int[vocabularySize + 1];
        var buffer = new byte[256];
        for (var token = 0; token < vocabularySize; token++)
        {
            var length = readBytes(token, buffer);
            if (length > buffer.Length)
            {
                buffer = new byte[length];
                length = readBytes(token, buffer);
            }

            bytes.AddRange(buffer.AsSpan(0, length));
            _starts[token + 1] = bytes.Count;
            MaximumLength = Math.Max(MaximumLength, length);
        }

        _bytes = [.. bytes];
    }

    public int MaximumLength { get; }

    public ReadOnlySpan<byte> this[int token] => _bytes.AsSpan(_starts[token], _starts[token + 1] - _starts[token]);
}
