using LlamaSpec.Models;

namespace LlamaSpec.Cli.Chat;

/// <summary>What was said. Only whole turns, so that it can be saved and continued at any time.</summary>
internal sealed class ChatHistory(string? systemPrompt)
{
    private readonly List<ChatTurn> _turns = [];

    /// <summary>The instruction that precedes the conversation, or null for the model's own.</summary>
    public string? SystemPrompt { get; set; } = systemPrompt;

    public IReadOnlyList<ChatTurn> Turns => _turns;

    public void Add(ChatTurn turn) => _turns.Add(turn);

    public void Clear() => _turns.Clear();

    public void RemoveOldest() => _turns.RemoveAt(0);

    /// <summary>Takes the last turn away. False when there is none.</summary>
    public bool TryRemoveLast()
    {
        if (_turns.Count == 0)
        {
            return false;
        }

        _turns.RemoveAt(_turns.Count - 1);
        return true;
    }

    /// <summary>The whole conversation as messages.</summary>
    public List<ChatMessage> ToMessages()
    {
        List<ChatMessage> messages = SystemPrompt is null ? [] : [ChatMessage.System(SystemPrompt)];
        foreach (var turn in _turns)
        {
            messages.Add(ChatMessage.User(turn.Question));
            messages.Add(ChatMessage.Assistant(turn.Answer));
        }

        return messages;
    }

    /// <summary>The conversation with a further question.</summary>
    public IReadOnlyList<ChatMessage> Ask(string question) => [.. ToMessages(), ChatMessage.User(question)];

    /// <summary>Takes over messages: an optional system message, then questions and answers in turn.</summary>
    /// <returns>False, with nothing changed, when the messages are no such conversation.</returns>
    public bool TryReplace(IReadOnlyList<ChatMessage> messages)
    {
        var hasSystem = messages is [{ Role: "system" }, ..];
        ChatMessage[] rest = [.. messages.Skip(hasSystem ? 1 : 0)];
        ChatMessage[][] pairs = [.. rest.Chunk(2)];
        if (!pairs.All(static pair => pair is [{ Role: "user" }, { Role: "assistant" }]))
        {
            return false;
        }

        SystemPrompt = hasSystem ? messages[0].Content : null;
        _turns.Clear();
        _turns.AddRange(pairs.Select(static pair => new ChatTurn(pair[0].Content, pair[1].Content)));
        return true;
    }
}
