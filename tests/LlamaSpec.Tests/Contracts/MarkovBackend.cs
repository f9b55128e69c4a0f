using LlamaSpec.Contracts.Runners;
using LlamaSpec.Diagnostics;
using LlamaSpec.Models;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Contracts;

/// <summary>The Markov chain as a backend of the contracts; its rows are exact.</summary>
internal sealed class MarkovBackend : RunnerBackend
{
    private MarkovModelRunner _last = null!;

    public override int[] Text { get; } = [3, 1, 4, 15, 9, 2, 6, 5, 13, 8, 7, 12, 14, 0];

    // Values of hidden rows are between -1 and 1.
    public override float Signal => 0.2f;

    /// <summary>Whether the chains are seen through a <see cref="TimedModelRunner"/>.</summary>
    public bool IsTimed { get; init; }

    public override IModelRunner Create(int cellCapacity, int rowCapacity, int sequenceCapacity)
    {
        _last = MarkovModelRunner.Random(16, seed: 1, rowCapacity: rowCapacity, cellCapacity: cellCapacity, sequenceCount: sequenceCapacity);
        return IsTimed ? new TimedModelRunner(_last, new NativeClock(TimeProvider.System)) : _last;
    }

    // A decode is over before another thread could ask.
    public override DecodeStatus DecodeUnderAbort(IModelRunner runner, TokenBatch batch)
    {
        _last.AbortAfterRow = row => row == batch.Count / 2;
        var status = runner.Decode(batch);
        _last.AbortAfterRow = null;
        return status;
    }
}
