using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native.Tests.Interop;

public sealed class LoadMonitorTests
{
    [OneTimeSetUp]
    public void StartBackend() => LlamaBackend.EnsureStarted();

    // Before, the exception left the timer's callback and ended the test process.
    [Test]
    public async Task AReportThatThrowsIsTheLastAndIsRethrown()
    {
        var failure = new InvalidOperationException("no console");
        var progress = new CallbackProgress(_ => throw failure);
        using var monitor = new LoadMonitor(progress, CancellationToken.None);
        await progress.FirstReport;
        await Task.Delay(200);

        Assert.That(monitor.StopReporting, Throws.Exception.SameAs(failure));
        Assert.That(progress.ReportCount, Is.EqualTo(1));
    }

    [Test]
    public async Task AReportThatThrowsStopsTheLoad()
    {
        var progress = new CallbackProgress(static _ => throw new InvalidOperationException());
        using var monitor = new LoadMonitor(progress, CancellationToken.None);
        await progress.FirstReport;
        Assert.That(monitor.StopReporting, Throws.InvalidOperationException);
        Assert.That(ShimImports.ModelLoad(EmbeddedModels.DraftPath, 0, 1, monitor.Handle, out _), Is.EqualTo(ShimStatus.Cancelled));
    }

    [Test]
    public async Task ASlowReportIsNotMetByTheNext()
    {
        int running = 0, most = 0;
        var progress = new CallbackProgress(_ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            Thread.Sleep(120);
            Interlocked.Decrement(ref running);
        });
        using var monitor = new LoadMonitor(progress, CancellationToken.None);
        await Task.Delay(500);
        monitor.StopReporting();

        Assert.That(progress.ReportCount, Is.GreaterThan(1));
        Assert.That((most, running), Is.EqualTo((1, 0)));
    }

    private sealed class CallbackProgress(Action<float> callback) : IProgress<float>
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _reportCount;

        public Task FirstReport => _first.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public int ReportCount => _reportCount;

        public void Report(float value)
        {
            Interlocked.Increment(ref _reportCount);
            _first.TrySetResult();
            callback(value);
        }
    }
}
