using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Systems;

/// <summary>
/// llama-server with one setting. One that would draft from earlier requests is ended after each answer and started anew before the
/// next one.
/// </summary>
/// <param name="setting">How it drafts.</param>
/// <param name="start">Starts it.</param>
/// <param name="maximumTokens">Most tokens of an answer.</param>
internal sealed class LlamaServerSystem(
    LlamaServerSetting setting, Func<CancellationToken, Task<RunningServer>> start, int maximumTokens) : IMeasuredSystem, IAsyncDisposable
{
    private RunningServer? _server;

    public SystemLabel Label { get; } = setting.Label;

    // Its threads wait for work in a loop for up to 100 ms, and would take the processors from the next system.
    public TimeSpan PauseAfter { get; } = TimeSpan.FromMilliseconds(150);

    public bool AnswersAt(float temperature) => true;

    /// <summary>Starts the server before its first answer, so that a setting that cannot work is known before anything is measured.</summary>
    /// <exception cref="MeasurementException">It does not start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken) => _server ??= await start(cancellationToken);

    public async Task<MeasuredAnswer> AnswerAsync(ChatPrompt prompt, SamplingOptions sampling, CancellationToken cancellationToken)
    {
        await EnsureStartedAsync(cancellationToken);
        try
        {
            var reply = await _server!.CompleteAsync(LlamaServerRequest.Create(prompt, sampling, maximumTokens), cancellationToken);
            return reply.ToAnswer(prompt.TokenCount, mustDraft: setting.NeedsDraft);
        }
        finally
        {
            if (setting.NeedsFreshServer)
            {
                await DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.Process.DisposeAsync();
        }
    }

    private async Task EnsureStartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StartAsync(cancellationToken);
        }
        catch (MeasurementException error)
        {
            // It started before: no later question will fare better.
            throw new MeasurementException(error.Message, endsRun: true);
        }
    }
}
