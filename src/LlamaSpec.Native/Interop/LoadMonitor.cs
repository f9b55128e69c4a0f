using System.Runtime.ExceptionServices;

namespace LlamaSpec.Native.Interop;

/// <summary>Watches a load that runs on the calling thread: polls its progress from a timer and carries a cancellation into it.</summary>
internal sealed class LoadMonitor : IDisposable
{
    // Fast enough for a progress bar, too slow to be noticed by the load.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenRegistration _registration;
    private readonly ITimer? _timer;
    private Exception? _failure;

    public LoadMonitor(IProgress<float>? progress, CancellationToken cancellationToken)
    {
        ShimErrors.ThrowOnError(ShimImports.MonitorCreate(out var id));
        Handle = new MonitorHandle(id);
        _registration = cancellationToken.UnsafeRegister(static state => _ = ShimImports.MonitorCancel((MonitorHandle)state!), Handle);
        if (progress is not null)
        {
            _timer = TimeProvider.System.CreateTimer(_ => Poll(progress), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            ScheduleNextPoll();
        }
    }

    public MonitorHandle Handle { get; }

    /// <summary>Ends the reports, waiting for one that runs, and rethrows what a report has thrown.</summary>
    public void StopReporting()
    {
        _timer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();

        // Waits for a poll that is running, which still needs the handle.
        _timer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Handle.Dispose();
    }

    // An exception that leaves a timer's callback ends the process. The load is of no use any more, so it is stopped.
    private void Poll(IProgress<float> progress)
    {
        try
        {
            ShimErrors.ThrowOnError(ShimImports.MonitorProgress(Handle, out var fraction));
            progress.Report(fraction);
            ScheduleNextPoll();
        }
        catch (Exception error)
        {
            _failure = error;
            _ = ShimImports.MonitorCancel(Handle);
        }
    }

    // One at a time: a report that is slower than the interval never meets the next one.
    private void ScheduleNextPoll() => _timer!.Change(PollInterval, Timeout.InfiniteTimeSpan);
}
