using System.Text;
using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>
/// Writes conversations as a model's chat template does. Without a template: ChatML where the vocabulary has its
/// control tokens, else plain "role: content" lines.
/// </summary>
internal sealed unsafe class ChatFormatter
{
    private readonly ModelHandle _model;
    private readonly string? _template;
    private readonly string? _defaultSystemPrompt;

    public ChatFormatter(ModelHandle model, string? template, bool hasChatMlTokens)
    {
        _model = model;
        _template = template ?? (hasChatMlTokens ? "chatml" : null);
        _defaultSystemPrompt = template is null ? null : ChatTemplateDefaults.FindSystemPrompt(template);
    }

    public string Format(IReadOnlyList<ChatMessage> messages, bool addAssistantTurn)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Count == 0)
        {
            throw new ArgumentException("A conversation needs at least one message.", nameof(messages));
        }

        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i] is not { Role: not null, Content: not null })
            {
                throw new ArgumentException($"Message {i} of the conversation is null, or its role or content is.", nameof(messages));
            }
        }

        if (_template is null)
        {
            return FormatPlain(messages, addAssistantTurn);
        }

        try
        {
            return _defaultSystemPrompt is not null && messages[0].Role != "system"
                ? FormatNative([ChatMessage.System(_defaultSystemPrompt), .. messages], addAssistantTurn)
                : FormatNative(messages, addAssistantTurn);
        }
        catch (ModelFailureException error)
        {
            throw new ModelFailureException($"{error.Message}. Use Prompt with text in the model's own format.", error);
        }
    }

    private static string FormatPlain(IReadOnlyList<ChatMessage> messages, bool addAssistantTurn)
    {
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            text.Append(message.Role).Append(": ").Append(message.Content).Append('\n');
        }

        return addAssistantTurn ? text.Append("assistant:").ToString() : text.ToString();
    }

    private string FormatNative(IReadOnlyList<ChatMessage> messages, bool addAssistantTurn)
    {
        var strings = new List<byte>();
        var roleStarts = new int[messages.Count];
        var contentStarts = new int[messages.Count];
        for (var i = 0; i < messages.Count; i++)
        {
            roleStarts[i] = AppendTerminated(strings, messages[i].Role);
            contentStarts[i] = AppendTerminated(strings, messages[i].Content);
        }

        var roles = new nint[messages.Count];
        var contents = new nint[messages.Count];
        fixed (byte* text = strings.ToArray())
        fixed (nint* rolePointers = roles, contentPointers = contents)
        {
            for (var i = 0; i < messages.Count; i++)
            {
                roles[i] = (nint)(text + roleStarts[i]);
                contents[i] = (nint)(text + contentStarts[i]);
            }

            return ShimText.Read(
                new Conversation(_model, _template!, (byte**)rolePointers, (byte**)contentPointers, messages.Count, addAssistantTurn),
                static (Conversation state, byte* buffer, int capacity, out int length) => ShimImports.ChatFormat(
                    state.Model, state.Template, state.Roles, state.Contents, state.Count, state.AddAssistantTurn ? 1 : 0, buffer, capacity, out length));
        }
    }

    // U+0000 would end the C string early and drop the rest of the message.
    private static int AppendTerminated(List<byte> strings, string text)
    {
        var start = strings.Count;
        strings.AddRange(Encoding.UTF8.GetBytes(text.Replace('\0', '\uFFFD')));
        strings.Add(0);
        return start;
    }

    private readonly struct Conversation(ModelHandle model, string template, byte** roles, byte** contents, int count, bool addAssistantTurn)
    {
        public readonly ModelHandle Model = model;
        public readonly string Template = template;
        public readonly byte** Roles = roles;
        public readonly byte** Contents = contents;
        public readonly int Count = count;
        public readonly bool AddAssistantTurn = addAssistantTurn;
    }
}
