using System.Runtime.InteropServices;
using System.Text;
using LLama;
using LLama.Exceptions;
using LLama.Native;
using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp;

/// <summary>The tokenizer and the chat template of LLamaSharp's weights. Safe from any thread, until the weights are disposed.</summary>
public sealed class LLamaSharpTokenizer : ITokenizer
{
    private readonly SafeLlamaModelHandle _model;
    private readonly TokenTable _tokens;
    private readonly ChatFormatter _formatter;

    /// <summary>Reads the vocabulary once; takes some ten milliseconds.</summary>
    /// <exception cref="ArgumentException">The model has no vocabulary, as a trimmed draft: its target's tokenizer serves both.</exception>
    public LLamaSharpTokenizer(LLamaWeights weights)
        : this((weights ?? throw new ArgumentNullException(nameof(weights))).NativeHandle)
    {
    }

    internal LLamaSharpTokenizer(SafeLlamaModelHandle model)
    {
        if (!LLamaSharpModel.HasVocabulary(model))
        {
            throw new ArgumentException($"{model.Description} has no vocabulary of its own: use the target's tokenizer.", nameof(model));
        }

        _model = model;
        _tokens = new TokenTable(
            model.Vocab.Count, (token, utf8) => LLamaSharpModel.ReadToken(model, token, utf8, special: false), token => ((LLamaToken)token).IsEndOfGeneration(model.Vocab));
        _formatter = new ChatFormatter(
            model.GetTemplate(strict: false), IsOneToken("<|im_start|>") && IsOneToken("<|im_end|>"), Render);
    }

    /// <inheritdoc />
    public int VocabularySize => _tokens.VocabularySize;

    /// <inheritdoc />
    public int MaximumTokenBytes => _tokens.MaximumLength;

    /// <inheritdoc />
    /// <exception cref="ObjectDisposedException">The weights were disposed.</exception>
    public int[] Encode(string text, bool addSpecial, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        ObjectDisposedException.ThrowIf(_model.IsClosed, _model);

        // Encoding.UTF8 replaces unpaired surrogates by U+FFFD.
        var tokens = _model.Tokenize(text, addSpecial, parseSpecial, Encoding.UTF8);
        return MemoryMarshal.Cast<LLamaToken, int>(tokens).ToArray();
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
    /// <exception cref="ModelFailureException">The model's template is none of llama.cpp's built-in formats. Write the conversation in the model's own format then, and give it as the prompt.</exception>
    public string FormatChat(IReadOnlyList<ChatMessage> messages, bool addAssistantTurn) => _formatter.Format(messages, addAssistantTurn);

    private static string Render(string template, IReadOnlyList<ChatMessage> messages, bool addAssistantTurn)
    {
        var chat = new LLamaTemplate(template) { AddAssistant = addAssistantTurn };
        foreach (var message in messages)
        {
            chat.Add(message.Role, message.Content);
        }

        try
        {
            return LLamaTemplate.Encoding.GetString(chat.Apply());
        }
        catch (MissingTemplateException error)
        {
            throw new ModelFailureException("The model's chat template is none of llama.cpp's built-in formats", error);
        }
    }

    private bool IsOneToken(string text) => Encode(text, addSpecial: false, parseSpecial: true).Length == 1;
}
