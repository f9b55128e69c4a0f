using System.Buffers;
using System.Text;
using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>A model's own tokenizer and chat template. Safe from any thread, until its model is disposed.</summary>
public sealed unsafe class LlamaTokenizer : ITokenizer
{
    private readonly ModelHandle _model;
    private readonly TokenTable _tokens;
    private readonly ChatFormatter _formatter;

    internal LlamaTokenizer(LlamaModel model)
    {
        _model = model.Handle;
        _tokens = new TokenTable(model.Info.VocabularySize, ReadBytes, EndsAnswer);
        _formatter = new ChatFormatter(
            model.ChatTemplate, IsOneToken("<|im_start|>") && IsOneToken("<|im_end|>"),
            (template, messages, addAssistantTurn) => ChatTemplates.Render(_model, template, messages, addAssistantTurn));
    }

    /// <inheritdoc />
    public int VocabularySize => _tokens.VocabularySize;

    /// <inheritdoc />
    public int MaximumTokenBytes => _tokens.MaximumLength;

    /// <inheritdoc />
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public int[] Encode(string text, bool addSpecial, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            // Encoding.UTF8 replaces unpaired surrogates by U+FFFD.
            var byteCount = Encoding.UTF8.GetBytes(text, utf8);
            return Encode(utf8.AsSpan(0, byteCount), addSpecial, parseSpecial);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    /// <inheritdoc />
    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    /// <exception cref="ArgumentException">The span is too short.</exception>
    public int Decode(int token, Span<byte> utf8) => _tokens.Decode(token, utf8);

    /// <inheritdoc />
    /// <exception cref="ArgumentOutOfRangeException">The token is not in the vocabulary.</exception>
    public bool IsEndOfGeneration(int token) => _tokens.IsEndOfGeneration(token);

    /// <inheritdoc />
    /// <remarks>
    /// Adds the default system prompt of a ChatML-like template when the first message is no system message. A model
    /// without a template gets ChatML where its vocabulary has the control tokens, else plain "role: content" lines.
    /// </remarks>
    /// <exception cref="ArgumentException">There are no messages, or one is null or has a null role or content; the message names its index.</exception>
    /// <exception cref="ModelFailureException">
    /// The model's template is none of llama.cpp's built-in formats. Write the conversation in the model's own format then, and
    /// give it as the prompt.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public string FormatChat(IReadOnlyList<ChatMessage> messages, bool addAssistantTurn) => _formatter.Format(messages, addAssistantTurn);

    /// <summary>The token as the vocabulary spells it, control tokens too. For comparing vocabularies and for diagnostics.</summary>
    /// <exception cref="ArgumentException">The token is not in the vocabulary.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public string TokenText(int token) =>
        ShimText.Read((_model, token), static ((ModelHandle Model, int Token) state, byte* buffer, int capacity, out int length) =>
            ShimImports.TokenText(state.Model, state.Token, buffer, capacity, out length));

    /// <summary>A question as the model's chat format asks it, ready to be answered.</summary>
    internal int[] EncodeQuestion(string question) =>
        Encode(FormatChat([ChatMessage.User(question)], addAssistantTurn: true), addSpecial: true, parseSpecial: true);

    private int[] Encode(ReadOnlySpan<byte> utf8, bool addSpecial, bool parseSpecial)
    {
        // Few vocabularies make more tokens than bytes; 8 leaves room for special tokens and an added space.
        var capacity = utf8.Length + 8;
        while (true)
        {
            var tokens = ArrayPool<int>.Shared.Rent(capacity);
            try
            {
                fixed (byte* text = utf8)
                fixed (int* pointer = tokens)
                {
                    var status = ShimImports.Tokenize(_model, text, utf8.Length, addSpecial ? 1 : 0, parseSpecial ? 1 : 0, pointer, tokens.Length, out var length);
                    if (status != ShimStatus.BufferTooSmall)
                    {
                        ShimErrors.ThrowOnError(status);
                        return tokens.AsSpan(0, length).ToArray();
                    }

                    capacity = length;
                }
            }
            finally
            {
                ArrayPool<int>.Shared.Return(tokens);
            }
        }
    }

    private int ReadBytes(int token, Span<byte> utf8)
    {
        fixed (byte* bytes = utf8)
        {
            return ShimText.LengthOf(ShimImports.TokenBytes(_model, token, renderSpecial: 0, bytes, utf8.Length, out var length), length);
        }
    }

    private bool IsOneToken(string text) => Encode(text, addSpecial: false, parseSpecial: true).Length == 1;

    private bool EndsAnswer(int token)
    {
        ShimErrors.ThrowOnError(ShimImports.TokenIsEndOfGeneration(_model, token, out var isEnd));
        return isEnd != 0;
    }
}
