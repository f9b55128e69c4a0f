using System.Text;

namespace LlamaSpec.Engine;

/// <summary>
/// Finds one text in a stream of UTF-8 bytes (Knuth-Morris-Pratt), and says how many of the last bytes may be its start.
/// </summary>
internal sealed class StopTextMatcher
{
    private readonly byte[] _text;
    private readonly int[] _fallback;

    public StopTextMatcher(string text)
    {
        _text = Encoding.UTF8.GetBytes(text);
        _fallback = new int[_text.Length];
        for (var i = 1; i < _text.Length; i++)
        {
            _fallback[i] = Extend(_fallback[i - 1], _text[i]);
        }
    }

    /// <summary>Bytes of the text.</summary>
    public int Length => _text.Length;

    /// <summary>How many of the last bytes are a start of the text.</summary>
    public int MatchedBytes { get; private set; }

    /// <summary>Whether the text ended at the last byte.</summary>
    public bool IsComplete => MatchedBytes == _text.Length;

    public void Add(byte value) => MatchedBytes = Extend(IsComplete ? _fallback[^1] : MatchedBytes, value);

    private int Extend(int matched, byte value)
    {
        while (matched > 0 && _text[matched] != value)
        {
            matched = _fallback[matched - 1];
        }

        return _text[matched] == value ? matched + 1 : 0;
    }
}
