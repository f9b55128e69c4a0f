namespace LlamaSpec.Native.Interop;

/// <summary>Watches a load that runs on the calling thread: polls its progress from a timer and carries a cancellation into it.</summary>
internal sealed class LoadMonitor : IDisposable
{
    // Fast enough for a progress bar, too slow to be noticed by the load.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer? _timer;

    public LoadMonitor(IProgress<float>? progress, CancellationToken cancellationToken)
    {
        ShimErrors.ThrowOnError(ShimImports.MonitorCreate(out var id));
        Handle = new MonitorHandle(id);
        _registration = cancellationToken.UnsafeRegister(static state => _ = ShimImports.MonitorCancel((MonitorHandle)state!), Handle);
        _timer = progress is null ? null : TimeProvider.System.CreateTimer(_ => Report(progress), null, PollInterval, PollInterval);
    }

    public MonitorHandle Handle { get; }

    public void Dispose()
    {
        _registration.Dispose();

        // Waits for a poll that is running, which still needs the handle.
        _timer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Handle.Dispose();
    }

    private void Report(IProgress<float> progress)
    {
        ShimErrors.ThrowOnError(ShimImports.MonitorProgress(Handle, out var fraction));
        progress.Report(fraction);
    }
}
