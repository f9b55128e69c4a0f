namespace LlamaSpec.Models;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">"system", "user" or "assistant".</param>
/// <param name="Content">The text of the turn.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>A turn of the user.</summary>
    public static ChatMessage User(string content) => new("user", content);

    /// <summary>A turn of the model.</summary>
    public static ChatMessage Assistant(string content) => new("assistant", content);

    /// <summary>An instruction that precedes the conversation.</summary>
    public static ChatMessage System(string content) => new("system", content);
}
