namespace LlamaSpec.Models;

/// <summary>Text to tokens and back: the second seam. Safe from any thread.</summary>
public interface ITokenizer
{
    /// <summary>Number of tokens; ids run from 0.</summary>
    int VocabularySize { get; }

    /// <summary>Tokens of <paramref name="text"/>.</summary>
    /// <param name="text">Any text; unpaired surrogates are replaced by U+FFFD.</param>
    /// <param name="addSpecial">Add the beginning-of-sequence token where the model wants one.</param>
    /// <param name="parseSpecial">Read "&lt;|im_start|&gt;" and the like as control tokens; false treats them as plain text.</param>
    int[] Encode(string text, bool addSpecial, bool parseSpecial);

    /// <summary>
    /// Writes the UTF-8 bytes of one token and returns their number. Control tokens have none.
    /// A token may hold a part of a character.
    /// </summary>
    /// <param name="token">A token id.</param>
    /// <param name="utf8">Room for at least <see cref="MaximumTokenBytes"/>.</param>
    /// <exception cref="ArgumentException">The token is not in the vocabulary, or the span too short for its bytes.</exception>
    int Decode(int token, Span<byte> utf8);

    /// <summary>Most bytes that <see cref="Decode"/> writes.</summary>
    int MaximumTokenBytes { get; }

    /// <summary>Whether the token ends an answer (end of sequence, end of turn).</summary>
    /// <exception cref="ArgumentException">The token is not in the vocabulary.</exception>
    bool IsEndOfGeneration(int token);

    /// <summary>The conversation as the model's own chat template writes it.</summary>
    /// <param name="messages">The turns, oldest first.</param>
    /// <param name="addAssistantTurn">End with the opening of the model's turn, so that it answers.</param>
    /// <exception cref="ArgumentException">There are no messages, or one of them, its role or its content is null.</exception>
    string FormatChat(IReadOnlyList<ChatMessage> messages, bool addAssistantTurn);
}
