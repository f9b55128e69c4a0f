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

    public void RemoveOldest(int count) => _turns.RemoveRange(0, count);

    /// <summary>A conversation of its own with the same turns, to be changed on trial.</summary>
    public ChatHistory Copy()
    {
        var copy = new ChatHistory(SystemPrompt);
        copy._turns.AddRange(_turns);
        return copy;
    }

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

    /// <summary>The conversation as messages.</summary>
    /// <param name="skipped">How many of the oldest turns to leave out.</param>
    public List<ChatMessage> ToMessages(int skipped = 0)
    {
        List<ChatMessage> messages = SystemPrompt is null ? [] : [ChatMessage.System(SystemPrompt)];
        foreach (var turn in _turns.Skip(skipped))
        {
            messages.Add(ChatMessage.User(turn.Question));
            messages.Add(ChatMessage.Assistant(turn.Answer));
        }

        return messages;
    }

    /// <summary>The conversation with a further question, without the oldest <paramref name="skipped"/> turns.</summary>
    public IReadOnlyList<ChatMessage> Ask(string question, int skipped) => [.. ToMessages(skipped), ChatMessage.User(question)];

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
