using System.Text;
using LlamaSpec.Models;

namespace LlamaSpec.Engine;

/// <summary>Turns tokens into text on the reader's side: whole characters only, and nothing that is held back.</summary>
internal sealed class TextStreamer(ITokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly byte[] _tokenBytes = new byte[tokenizer.MaximumTokenBytes];
    private readonly List<byte> _held = [];
    private long _releasedBytes;

    /// <summary>Adds a token and returns the text that may be shown now.</summary>
    /// <param name="token">The token.</param>
    /// <param name="releasedBytes">Bytes of the output that may be shown, from its start.</param>
    public string Add(int token, long releasedBytes)
    {
        _held.AddRange(_tokenBytes.AsSpan(0, tokenizer.Decode(token, _tokenBytes)));
        return Release(releasedBytes, flush: false);
    }

    /// <summary>Returns the rest of the text. An unfinished character becomes U+FFFD.</summary>
    public string Finish(long releasedBytes) => Release(releasedBytes, flush: true);

    private string Release(long releasedBytes, bool flush)
    {
        var count = (int)Math.Clamp(releasedBytes - _releasedBytes, 0, _held.Count);
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_held)[..count];
        var characters = new char[_decoder.GetCharCount(bytes, flush)];
        _decoder.GetChars(bytes, characters, flush);
        _held.RemoveRange(0, count);
        _releasedBytes += count;
        return new string(characters);
    }
}
