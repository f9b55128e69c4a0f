using LlamaSpec.Engine;

namespace LlamaSpec.Cli.Chat;

/// <summary>Keeps a conversation inside the context by forgetting its oldest turns.</summary>
internal static class ContextWindow
{
    /// <summary>Forgets turns until the question and an answer have room. Returns how many.</summary>
    /// <param name="history">The conversation so far.</param>
    /// <param name="question">What will be asked.</param>
    /// <param name="maximumTokens">Most tokens of the answer, or null.</param>
    /// <param name="engine">Knows the tokens and the context's length.</param>
    public static int MakeRoom(ChatHistory history, string question, int? maximumTokens, SpeculativeEngine engine)
    {
        var contextLength = engine.Options.ContextLength;
        var answerRoom = Math.Min(maximumTokens ?? int.MaxValue, contextLength / 4);
        if (CountTokens(history, question, engine) <= contextLength - answerRoom)
        {
            return 0;
        }

        // Down to half the context at once: each cut changes the beginning, and so costs the whole KV cache.
        var forgotten = 0;
        while (history.Turns.Count > 0 && CountTokens(history, question, engine) > contextLength / 2)
        {
            history.RemoveOldest();
            forgotten++;
        }

        return forgotten;
    }

    private static int CountTokens(ChatHistory history, string question, SpeculativeEngine engine) =>
        engine.Tokenizer.Encode(engine.Tokenizer.FormatChat(history.Ask(question), addAssistantTurn: true), addSpecial: true, parseSpecial: true).Length;
}
