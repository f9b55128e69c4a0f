using LlamaSpec.Engine;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Oracle;

/// <summary>LlamaSpec with the draft lengths known in advance. Shares its engine, so it must not answer at once with others.</summary>
/// <param name="engine">With a draft.</param>
/// <param name="acceptedRuns">Asked once for each question, before its first answer and uncounted.</param>
/// <param name="maximumTokens">Most tokens of an answer.</param>
internal sealed class OracleSystem(SpeculativeEngine engine, AcceptedRuns acceptedRuns, int maximumTokens) : IMeasuredSystem
{
    private readonly Dictionary<string, IReadOnlyList<int>> _runLengths = [];

    public SystemLabel Label => SystemLabel.Oracle;

    public TimeSpan PauseAfter { get; } = EngineSystem.Pause;

    // Where answers are drawn, each draft meets its own draws: nothing is known in advance.
    public bool AnswersAt(float temperature) => temperature == 0;

    public async Task<MeasuredAnswer> AnswerAsync(ChatPrompt prompt, SamplingOptions sampling, CancellationToken cancellationToken)
    {
        var runLengths = await FindRunLengthsAsync(prompt, sampling, cancellationToken);
        var policy = PolicyChoice.Custom(Label.Name, _ => new OraclePolicy(runLengths));
        return await new EngineSystem(Label, engine, policy, maximumTokens).AnswerAsync(prompt, sampling, cancellationToken);
    }

    private async Task<IReadOnlyList<int>> FindRunLengthsAsync(ChatPrompt prompt, SamplingOptions sampling, CancellationToken cancellationToken)
    {
        if (_runLengths.TryGetValue(prompt.Id, out var known))
        {
            return known;
        }

        var request = new GenerationRequest { Prompt = prompt.Text, MaximumTokens = maximumTokens, Sampling = sampling, Policy = PolicyChoice.Off };
        var plain = await engine.CompleteAsync(request, cancellationToken);
        var promptTokens = engine.Tokenizer.Encode(prompt.Text, addSpecial: true, parseSpecial: true);
        int[] tokens = [.. promptTokens, .. plain.Tokens];
        var runLengths = await Task.Run(() => acceptedRuns(promptTokens.Length, tokens), cancellationToken);
        return _runLengths[prompt.Id] = runLengths;
    }
}
