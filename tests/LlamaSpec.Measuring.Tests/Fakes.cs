using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Tests;

/// <summary>Made-up systems and answers.</summary>
internal static class Fakes
{
    public static MeasuredAnswer Answer(double tokensPerSecond, int tokenCount = 20, int differsAt = -1) => new()
    {
        Tokens = [.. Enumerable.Range(0, tokenCount).Select(position => position == differsAt ? -1 : position)],
        TokensPerSecond = tokensPerSecond,
        Rounds = 10,
        DraftedTokens = 0,
        AcceptedTokens = 0,
    };

    public static Sample Sample(string id, float temperature, int repeat, params MeasuredAnswer?[] answers) => new()
    {
        PromptId = id,
        Category = id[..1],
        PromptTokens = 10,
        Temperature = temperature,
        Repeat = repeat,
        Answers = answers,
    };

    public static ChatPrompts Prompts(params string[] ids) => new([.. ids.Select(static id => new ChatPrompt(id, id[..1], id, 1))], []);

    /// <summary>Answers as it is told, and notes who was asked.</summary>
    public sealed class System(SystemLabel label, List<string> log, Func<ChatPrompt, SamplingOptions, MeasuredAnswer> answer, bool isGreedyOnly = false) : IMeasuredSystem
    {
        public SystemLabel Label => label;

        public TimeSpan PauseAfter => TimeSpan.Zero;

        public bool AnswersAt(float temperature) => temperature == 0 || !isGreedyOnly;

        public Task<MeasuredAnswer> AnswerAsync(ChatPrompt prompt, SamplingOptions sampling, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            log.Add(FormattableString.Invariant($"{label.Name} {prompt.Id} {sampling.Temperature} {sampling.Seed}"));
            return Task.FromResult(answer(prompt, sampling));
        }
    }
}
