using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Systems;

/// <summary>llama-server with one setting.</summary>
internal sealed class LlamaServerSystem(SystemLabel label, LlamaServerProcess server, int maximumTokens) : IMeasuredSystem
{
    public SystemLabel Label => label;

    // Its threads wait for work in a loop for up to 100 ms, and would take the processors from the next system.
    public TimeSpan PauseAfter { get; } = TimeSpan.FromMilliseconds(150);

    public bool AnswersAt(float temperature) => true;

    public async Task<MeasuredAnswer> AnswerAsync(ChatPrompt prompt, SamplingOptions sampling, CancellationToken cancellationToken)
    {
        var reply = await server.CompleteAsync(LlamaServerRequest.Create(prompt, sampling, maximumTokens), cancellationToken);
        return reply.ToAnswer(prompt.TokenCount, label.IsSpeculative);
    }
}
