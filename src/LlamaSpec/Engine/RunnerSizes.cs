using LlamaSpec.Models;

namespace LlamaSpec.Engine;

/// <summary>How large the KV cache and the batches of a model must be for an engine, whatever the backend.</summary>
/// <param name="CellCapacity">KV cache cells.</param>
/// <param name="RowCapacity">Rows of a decode.</param>
/// <param name="SequenceCapacity">Sequences.</param>
internal readonly record struct RunnerSizes(int CellCapacity, int RowCapacity, int SequenceCapacity)
{
    /// <summary>LLAMA_MAX_SEQ.</summary>
    public const int MostSequences = 256;

    /// <summary>ggml's limit of threads.</summary>
    public const int MostThreads = 512;

    /// <summary>Cells beyond any model's context, and rows beyond any prompt's chunk.</summary>
    public const int MostCells = 16_777_216, MostRows = 65_536;

    // A prompt is decoded in chunks of up to this many rows; llama.cpp's own default.
    private const int ChunkRows = 512;

    // Below this many parameters a draft pass is so short that waking a second thread costs more than it saves.
    private const long TinyDraftParameters = 50_000_000;

    // Several sequences in one cache cost llama.cpp 0.03 ms a decode: too much where a decode takes one.
    private const long LargestTinyTargetBytes = 64 << 20;

    /// <summary>A draft runs up to so many cells ahead of the committed tokens. Beyond 32 bits with impossible options.</summary>
    public static long CellsFor(SpeculativeEngineOptions engine) =>
        engine.ConcurrentRequests * (engine.ContextLength + Math.Max(engine.MaximumDraftLength, engine.MaximumTreeNodes) + 1L);

    /// <exception cref="ArgumentException">No KV cache is large enough for an engine of these options.</exception>
    public static void ThrowIfTooLarge(SpeculativeEngineOptions engine)
    {
        if (CellsFor(engine) is > MostCells and var cellsNeeded)
        {
            throw new ArgumentException(
                $"{engine.ConcurrentRequests} requests of {engine.ContextLength} tokens need {cellsNeeded} KV cache cells, and {MostCells} is the most. "
                + $"Lower {nameof(engine.ConcurrentRequests)} or {nameof(engine.ContextLength)}.");
        }
    }

    /// <summary>The sizes for an engine whose options were checked.</summary>
    /// <param name="engine">The options.</param>
    /// <param name="pathCount">Sequences of each request.</param>
    public static RunnerSizes For(SpeculativeEngineOptions engine, int pathCount) => new(
        checked((int)CellsFor(engine)),
        Math.Max(ChunkRows, engine.ConcurrentRequests * (engine.MaximumDraftLength + 1)),
        Math.Min(engine.ConcurrentRequests * pathCount, MostSequences));

    /// <summary>Sequences of the target for each request: as many as a token tree may have paths.</summary>
    public static int TargetPaths(ModelInfo target, SpeculativeEngineOptions engine) =>
        !engine.Drafter.MayBranch ? 1
        : engine.MaximumTreePaths ?? (engine.ConcurrentRequests == 1 && target.SizeBytes < LargestTinyTargetBytes ? 1 : SpeculativeEngineOptions.DefaultTreePaths);

    /// <summary>Sequences of the draft for each request, of those asked for.</summary>
    public static int DraftPaths(int asked, SpeculativeEngineOptions engine) => Math.Min(asked, MostSequences / engine.ConcurrentRequests);

    /// <summary>Threads of the draft, where nobody chose.</summary>
    public static int DraftThreads(ModelInfo draft, int targetThreadCount) => draft.ParameterCount < TinyDraftParameters ? 1 : targetThreadCount;
}
