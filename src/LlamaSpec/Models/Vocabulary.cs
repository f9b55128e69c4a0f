namespace LlamaSpec.Models;

/// <summary>
/// The tokens of a model as its backend spells them (as the file does, or as their bytes), control tokens too: what two models of a
/// pair must agree on. Both of a pair come from one backend.
/// </summary>
/// <param name="size">Number of tokens.</param>
/// <param name="beginToken">Beginning-of-sequence token, or -1.</param>
/// <param name="endToken">End-of-sequence token, or -1.</param>
/// <param name="readText">Reads how a token is spelled.</param>
public sealed class Vocabulary(int size, int beginToken, int endToken, TokenTextReader readText)
{
    // Longer than nearly all tokens; the rest is read twice.
    private const int UsualBytes = 256;

    private byte[] _buffer = new byte[UsualBytes];

    /// <summary>Number of tokens.</summary>
    public int Size => size;

    /// <summary>Beginning-of-sequence token, or -1.</summary>
    public int BeginToken => beginToken;

    /// <summary>End-of-sequence token, or -1.</summary>
    public int EndToken => endToken;

    /// <summary>How a token is spelled, in UTF-8; valid until the next call. One thread at a time.</summary>
    public ReadOnlySpan<byte> TextOf(int token)
    {
        var length = readText(token, _buffer);
        if (length > _buffer.Length)
        {
            _buffer = new byte[length];
            length = readText(token, _buffer);
        }

        return _buffer.AsSpan(0, length);
    }
}
