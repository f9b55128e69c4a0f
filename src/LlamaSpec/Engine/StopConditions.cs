using LlamaSpec.Models;

namespace LlamaSpec.Engine;

/// <summary>
/// Watches the committed tokens of one request and says when it ends, and how many bytes of its text may be shown.
/// Works on bytes, so that the engine thread makes no strings.
/// </summary>
internal sealed class StopConditions
{
    private readonly ITokenizer _tokenizer;
    private readonly StopTextMatcher[] _matchers;
    private readonly byte[] _bytes;
    private readonly int _maximumTokens;
    private readonly bool _ignoreEndOfText;
    private long _byteCount;
    private int _tokenCount;

    public StopConditions(GenerationRequest request, ITokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _matchers = [.. request.StopTexts.Select(text => new StopTextMatcher(text))];
        _bytes = new byte[tokenizer.MaximumTokenBytes];
        _maximumTokens = request.MaximumTokens ?? int.MaxValue;
        _ignoreEndOfText = request.IgnoreEndOfText;
    }

    /// <summary>Bytes of the output that may be shown: all but what may be, or is, a stop text.</summary>
    public long ReleasedBytes { get; private set; }

    /// <summary>Tokens that may still come.</summary>
    public int RemainingTokens => _maximumTokens - _tokenCount;

    /// <summary>Whether the token ends the answer and is not part of it.</summary>
    public bool IsEndOfText(int token) => !_ignoreEndOfText && _tokenizer.IsEndOfGeneration(token);

    /// <summary>Takes a committed token. Returns why the generation ends with it, or null.</summary>
    public FinishReason? Add(int token)
    {
        _tokenCount++;
        if (_matchers.Length == 0)
        {
            // Without stop texts everything may be shown, and the bytes need not be looked at here.
            ReleasedBytes = long.MaxValue;
        }
        else if (IsStopText(_bytes.AsSpan(0, _tokenizer.Decode(token, _bytes))))
        {
            return FinishReason.StopText;
        }

        return RemainingTokens <= 0 ? FinishReason.TokenLimit : null;
    }

    private bool IsStopText(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            _byteCount++;
            var heldBack = 0;
            var ended = 0;
            foreach (var matcher in _matchers)
            {
                matcher.Add(value);
                heldBack = Math.Max(heldBack, matcher.MatchedBytes);
                ended = Math.Max(ended, matcher.IsComplete ? matcher.Length : 0);
            }

            // Of stop texts that end together the longest cuts, whatever their order.
            ReleasedBytes = _byteCount - (ended > 0 ? ended : heldBack);
            if (ended > 0)
            {
                return true;
            }
        }

        return false;
    }
}
