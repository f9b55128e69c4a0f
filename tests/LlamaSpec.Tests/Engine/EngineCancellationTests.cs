using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

/// <summary>Cancellation is a transaction: wherever it strikes, the engine is as usable as before.</summary>
public class EngineCancellationTests
{
    private static readonly GenerationRequest Request = new() { Prompt = "abcdefghij", MaximumTokens = 40, Sampling = SamplingOptions.Greedy };

    [Test]
    public async Task CancellingAtAnyTargetDecodeLeavesTheEngineUsable([Range(0, 24)] int decode)
    {
        var target = MarkovModelRunner.Random(20, 1, rowCapacity: 48);
        var options = new SpeculativeEngineOptions { ContextLength = 128, ConcurrentRequests = 2 };
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f), options);
        var expected = await engine.CompleteAsync(Request);

        using var cancellation = new CancellationTokenSource();
        var seen = 0;
        target.OnDecode = _ =>
        {
            if (seen++ == decode)
            {
                cancellation.Cancel();
            }

            return null;
        };
        await ExpectCancelledOrDoneAsync(engine.CompleteAsync(Request, cancellation.Token));
        target.OnDecode = null;

        await AssertUsableAsync(engine, target, expected);
    }

    [Test]
    public async Task CancellingAfterAnyUpdateLeavesTheEngineUsable([Range(0, 39)] int update)
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f), new SpeculativeEngineOptions { ContextLength = 128 });
        var expected = await engine.CompleteAsync(Request);

        using var cancellation = new CancellationTokenSource();
        var seen = 0;
        try
        {
            await foreach (var _ in engine.GenerateAsync(Request, cancellation.Token))
            {
                if (seen++ == update)
                {
                    await cancellation.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        await AssertUsableAsync(engine, target, expected);
    }

    [Test]
    public async Task LeavingTheLoopCancels()
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, null, new SpeculativeEngineOptions { ContextLength = 128, ConcurrentRequests = 1 });
        var decodes = 0;
        target.OnDecode = _ =>
        {
            if (++decodes > 3)
            {
                SpinWait.SpinUntil(() => target.IsAbortRequested, TimeSpan.FromSeconds(10));
            }

            return null;
        };
        await foreach (var _ in engine.GenerateAsync(Request))
        {
            break;
        }

        target.OnDecode = null;
        Assert.That(decodes, Is.LessThanOrEqualTo(4), "The decode that was running was aborted, and no other followed.");
        Assert.That((await engine.CompleteAsync(Request)).Tokens, Has.Count.EqualTo(40), "The only slot is free again.");
    }

    [Test]
    public async Task AHalfDecodedBatchIsRolledBack()
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f), new SpeculativeEngineOptions { ContextLength = 128 });
        var expected = await engine.CompleteAsync(Request);

        var row = 0;
        target.AbortAfterRow = _ => ++row % 23 == 0;
        var actual = await engine.CompleteAsync(Request);
        target.AbortAfterRow = null;

        Assert.That(actual.Tokens, Is.EqualTo(expected.Tokens));
        await AssertUsableAsync(engine, target, expected);
    }

    [Test]
    public async Task AWaitingRequestIsCancelledAtOnce()
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, null, new SpeculativeEngineOptions { ContextLength = 128, ConcurrentRequests = 1 });
        using var release = new ManualResetEventSlim();
        target.OnDecode = _ =>
        {
            release.Wait();
            return null;
        };
        var running = engine.CompleteAsync(Request);
        using var cancellation = new CancellationTokenSource();
        var waiting = engine.CompleteAsync(Request, cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(async () => await waiting.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<OperationCanceledException>());
        release.Set();
        Assert.That((await running).Tokens, Has.Count.EqualTo(40));
    }

    [Test]
    public async Task ACancelledNeighbourDoesNotChangeTheOthers()
    {
        var target = MarkovModelRunner.Random(20, 1);
        await using var engine = TestEngine.Create(target, target.Disturbed(2, 0.5f), new SpeculativeEngineOptions { ContextLength = 256, ConcurrentRequests = 8 });
        var request = Request with { MaximumTokens = 200 };
        var expected = await engine.CompleteAsync(request);

        using var cancellation = new CancellationTokenSource();
        var cancelled = Enumerable.Range(0, 4).Select(_ => engine.CompleteAsync(request, cancellation.Token)).ToArray();
        var kept = Enumerable.Range(0, 4).Select(_ => engine.CompleteAsync(request)).ToArray();
        await cancellation.CancelAsync();
        await Task.WhenAll(cancelled.Select(ExpectCancelledOrDoneAsync));

        foreach (var result in await Task.WhenAll(kept))
        {
            Assert.That(result.Tokens, Is.EqualTo(expected.Tokens));
        }
    }

    [Test]
    public async Task DisposingEndsRunningRequests()
    {
        var target = MarkovModelRunner.Random(20, 1);
        var draft = target.Disturbed(2, 0.5f);
        var engine = TestEngine.Create(target, draft, new SpeculativeEngineOptions { ContextLength = 128 });
        using var started = new ManualResetEventSlim();
        target.OnDecode = _ =>
        {
            started.Set();
            SpinWait.SpinUntil(() => target.IsAbortRequested, TimeSpan.FromSeconds(10));
            return target.IsAbortRequested ? DecodeStatus.Aborted : null;
        };
        var running = engine.CompleteAsync(Request);
        started.Wait();
        await engine.DisposeAsync();

        Assert.That(async () => await running, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await engine.CompleteAsync(Request), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(target.IsDisposed && draft.IsDisposed, Is.True);
    }

    private static async Task ExpectCancelledOrDoneAsync(Task<GenerationResult> task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
        }
    }

    private static async Task AssertUsableAsync(SpeculativeEngine engine, MarkovModelRunner target, GenerationResult expected)
    {
        // More requests at once than slots, so that a leaked slot would block one of them.
        var again = await Task.WhenAll(Enumerable.Range(0, engine.Options.ConcurrentRequests + 1).Select(_ => engine.CompleteAsync(Request)))
            .WaitAsync(TimeSpan.FromSeconds(20));
        foreach (var result in again)
        {
            Assert.That(result.Tokens, Is.EqualTo(expected.Tokens));
        }

        Assert.That(Enumerable.Range(0, target.SequenceCapacity).Max(sequence => target.Cells(sequence).Count), Is.LessThan(10 + 40));
    }
}
