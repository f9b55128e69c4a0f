namespace LlamaSpec.Measuring.Systems;

/// <summary>A llama-server that runs.</summary>
/// <param name="CompleteAsync">Lets it answer, as <see cref="LlamaServerProcess.CompleteAsync"/> says.</param>
/// <param name="Process">Ends it.</param>
internal sealed record RunningServer(
    Func<LlamaServerRequest, CancellationToken, Task<LlamaServerReply>> CompleteAsync, IAsyncDisposable Process)
{
    /// <summary>Starts one.</summary>
    /// <exception cref="MeasurementException">It does not start.</exception>
    public static async Task<RunningServer> StartAsync(LlamaServerOptions options, CancellationToken cancellationToken)
    {
        var process = await LlamaServerProcess.StartAsync(options, cancellationToken);
        return new RunningServer(process.CompleteAsync, process);
    }
}
