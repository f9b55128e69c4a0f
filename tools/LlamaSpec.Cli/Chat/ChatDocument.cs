using LlamaSpec.Models;

namespace LlamaSpec.Cli.Chat;

/// <summary>A saved chat, as /save writes it and /load reads it.</summary>
internal sealed record ChatDocument(IReadOnlyList<ChatMessage> Messages);
