namespace LlamaSpec.Models;

/// <summary>Writes a conversation as a chat template does. No text holds U+0000.</summary>
/// <param name="template">The template, or the name of a built-in format.</param>
/// <param name="messages">The turns, oldest first.</param>
/// <param name="addAssistantTurn">End with the opening of the model's turn.</param>
/// <exception cref="ModelFailureException">The template is not known.</exception>
internal delegate string ChatTemplateRenderer(string template, IReadOnlyList<ChatMessage> messages, bool addAssistantTurn);
