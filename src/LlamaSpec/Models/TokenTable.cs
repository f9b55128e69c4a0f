namespace LlamaSpec.Models;

/// <summary>
/// The bytes of every token and which of them end an answer, read once, so that decoding a token neither calls into a backend nor
/// allocates.
/// </summary>
internal sealed class TokenTable
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly bool[] _endsAnswer;

    public TokenTable(int vocabularySize, TokenTextReader readBytes, Func<int, bool> endsAnswer)
    {
        // Tokens average 4 to 6 bytes; the list doubles where that is too little.
        var bytes = new List<byte>(vocabularySize * 8);
        _starts = new int[vocabularySize + 1];
        _endsAnswer = new bool[vocabularySize];
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
            _endsAnswer[token] = endsAnswer(token);
            MaximumLength = Math.Max(MaximumLength, length);
        }

        _bytes = [.. bytes];
    }

    public int VocabularySize => _endsAnswer.Length;

    public int MaximumLength { get; }

    /// <inheritdoc cref="ITokenizer.Decode" />
    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public int Decode(int token, Span<byte> utf8)
    {
        CheckToken(token);
        var bytes = _bytes.AsSpan(_starts[token], _starts[token + 1] - _starts[token]);
        bytes.CopyTo(utf8);
        return bytes.Length;
    }

    /// <inheritdoc cref="ITokenizer.IsEndOfGeneration" />
    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    public bool IsEndOfGeneration(int token)
    {
        CheckToken(token);
        return _endsAnswer[token];
    }

    private void CheckToken(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, VocabularySize);
    }
}
