using System.Text;
using LlamaSpec.Models;

namespace LlamaSpec.Tests.Fakes;

/// <summary>One token a byte from 'a' on; token 0 may end an answer.</summary>
internal sealed class CharacterTokenizer(int vocabularySize, bool hasEnd = false) : ITokenizer
{
    public int VocabularySize => vocabularySize;

    public int MaximumTokenBytes => 4;

    /// <summary>Bytes of a token, where they are not a letter.</summary>
    public Dictionary<int, byte[]> Pieces { get; } = [];

    public int[] Encode(string text, bool addSpecial, bool parseSpecial) =>
        [.. Encoding.UTF8.GetBytes(text).Select(value => Math.Abs(value - 'a') % vocabularySize)];

    public int Decode(int token, Span<byte> utf8)
    {
        CheckToken(token);
        if (Pieces.TryGetValue(token, out var piece))
        {
            piece.CopyTo(utf8);
            return piece.Length;
        }

        if (utf8.IsEmpty)
        {
            throw new ArgumentException("The token needs a byte.", nameof(utf8));
        }

        utf8[0] = (byte)('a' + (token % 26));
        return 1;
    }

    public bool IsEndOfGeneration(int token)
    {
        CheckToken(token);
        return hasEnd && token == 0;
    }

    public string FormatChat(IReadOnlyList<ChatMessage> messages, bool addAssistantTurn)
    {
        if (messages.Count == 0 || messages.Any(static message => message?.Role is null || message.Content is null))
        {
            throw new ArgumentException("A conversation has messages, and these a role and a content.", nameof(messages));
        }

        return string.Concat(messages.Select(message => message.Content)) + (addAssistantTurn ? ":" : "");
    }

    private void CheckToken(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, vocabularySize);
    }
}
