using System.Text;

namespace LlamaSpec.Models;

/// <summary>
/// Writes conversations as a model's chat template does. Without a template: ChatML where the vocabulary has its
/// control tokens, else plain "role: content" lines.
/// </summary>
internal sealed class ChatFormatter
{
    private readonly ChatTemplateRenderer _render;
    private readonly string? _template;
    private readonly string? _defaultSystemPrompt;

    public ChatFormatter(string? template, bool hasChatMlTokens, ChatTemplateRenderer render)
    {
        _render = render;
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
            var turns = messages.Select(WithoutNul);
            var all = _defaultSystemPrompt is not null && messages[0].Role != "system" ? turns.Prepend(ChatMessage.System(_defaultSystemPrompt)) : turns;
            return _render(_template, [.. all], addAssistantTurn);
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

    // U+0000 would end the text early in a backend and drop the rest of the message.
    private static ChatMessage WithoutNul(ChatMessage message) => new(message.Role.Replace('\0', '\uFFFD'), message.Content.Replace('\0', '\uFFFD'));
}
