using LlamaSpec.Measuring.Runs;
using LlamaSpec.Models;

namespace LlamaSpec.Measuring.Prompts;

/// <summary>The questions that fit the context, and those that do not.</summary>
/// <param name="Fitting">To be measured.</param>
/// <param name="TooLong">Left out.</param>
internal sealed record ChatPrompts(IReadOnlyList<ChatPrompt> Fitting, IReadOnlyList<SkippedPrompt> TooLong)
{
    /// <summary>Formats the questions and counts their tokens.</summary>
    public static ChatPrompts Create(IReadOnlyList<BenchmarkPrompt> prompts, ITokenizer tokenizer, int maximumTokens, int contextLength)
    {
        List<ChatPrompt> fitting = [];
        List<SkippedPrompt> tooLong = [];
        foreach (var (id, category, question) in prompts)
        {
            var text = tokenizer.FormatChat([ChatMessage.User(question)], addAssistantTurn: true);
            var tokenCount = tokenizer.Encode(text, addSpecial: true, parseSpecial: true).Length;
            if (tokenCount + maximumTokens <= contextLength)
            {
                fitting.Add(new ChatPrompt(id, category, text, tokenCount));
            }
            else
            {
                var reason = $"its {tokenCount} tokens and an answer of {maximumTokens} exceed the context of {contextLength}";
                tooLong.Add(new SkippedPrompt { PromptId = id, Reason = reason });
            }
        }

        return new ChatPrompts(fitting, tooLong);
    }
}
