using LlamaSpec.Engine;

namespace LlamaSpec.Cli.Chat;

/// <summary>Keeps a conversation inside the context by leaving out its oldest turns.</summary>
internal static class ContextWindow
{
    /// <summary>How many of the oldest turns must go, so that the question and an answer have room. Changes nothing.</summary>
    /// <param name="history">The conversation so far.</param>
    /// <param name="question">What will be asked. One that is too long by itself costs all turns.</param>
    /// <param name="maximumTokens">Most tokens of the answer, or null.</param>
    /// <param name="engine">Knows the tokens and the context's length.</param>
    public static int TurnsToSkip(ChatHistory history, string question, int? maximumTokens, SpeculativeEngine engine)
    {
        var contextLength = engine.Options.ContextLength;
        var answerRoom = Math.Min(maximumTokens ?? int.MaxValue, contextLength / 4);
        if (CountTokens(history, question, 0, engine) <= contextLength - answerRoom)
        {
            return 0;
        }

        // Down to half the context at once: each cut changes the beginning, and so costs the whole KV cache.
        var skipped = 0;
        while (skipped < history.Turns.Count && CountTokens(history, question, skipped, engine) > contextLength / 2)
        {
            skipped++;
        }

        return skipped;
    }

    private static int CountTokens(ChatHistory history, string question, int skipped, SpeculativeEngine engine)
    {
        var text = engine.Tokenizer.FormatChat(history.Ask(question, skipped), addAssistantTurn: true);
        return engine.Tokenizer.Encode(text, addSpecial: true, parseSpecial: true).Length;
    }
}
