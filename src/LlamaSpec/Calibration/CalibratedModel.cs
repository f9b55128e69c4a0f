using LlamaSpec.Models;

namespace LlamaSpec.Calibration;

/// <summary>One model of a pair under measurement, and what may be changed about it.</summary>
/// <param name="Runner">The model, its KV cache empty.</param>
/// <param name="ThreadCount">Threads that it runs on.</param>
internal sealed record CalibratedModel(IModelRunner Runner, int ThreadCount)
{
    /// <summary>Cells that one sequence may take. Default: those of the cache, shared evenly among its sequences.</summary>
    public int CellsOfSequence { get; init; } = Runner.CellCapacity / Runner.SequenceCapacity;

    /// <summary>Thread counts to try, ascending. Empty (default) = it stays at <see cref="ThreadCount"/>.</summary>
    public IReadOnlyList<int> ThreadCandidates { get; init; } = [];

    /// <summary>Sets the threads. Needed with <see cref="ThreadCandidates"/>.</summary>
    public Action<int> SetThreadCount { get; init; } = static _ => { };

    /// <summary>Switches LlamaSpec's own matrix products; null (default) = not to be chosen.</summary>
    public Action<bool>? SetFastRows { get; init; }

    /// <summary>Whether they are used at the start.</summary>
    public bool UsesFastRows { get; init; }
}
