using LLama.Abstractions;
using LLama.Common;
using LLama.Extensions;
using LLama.Native;
using LlamaSpec.Engine;
using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp;

/// <summary>Makes contexts as the engine needs them: by llama.cpp's own parameters, where an abort callback can be given.</summary>
internal static class ContextFactory
{
    // More threads than that rarely pay.
    private const int UsualThreads = 8;

    /// <summary>Parameters of the target's context.</summary>
    public static LLamaContextParams ForTarget(LLamaSharpPairOptions options, RunnerSizes sizes) => Sized(options.TargetContext, sizes);

    /// <summary>Parameters of the draft's context; where nobody chose, a small draft gets one thread.</summary>
    public static LLamaContextParams ForDraft(LLamaSharpPairOptions options, ModelInfo draft, RunnerSizes sizes)
    {
        var native = Sized(options.DraftContext ?? LikeTarget(options.TargetContext), sizes);
        if (options.DraftContext?.Threads is null)
        {
            native.n_threads = RunnerSizes.DraftThreads(draft, Sized(options.TargetContext, sizes).n_threads);
            native.n_threads_batch = options.DraftContext?.BatchThreads is null ? native.n_threads : native.n_threads_batch;
        }

        return native;
    }

    /// <summary>LLamaSharp's parameters as llama.cpp takes them.</summary>
    /// <exception cref="NotSupportedException">LLamaSharp or its native libraries are of a version that does not fit.</exception>
    public static LLamaContextParams ToNative(IContextParams parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        LLamaSharpVersion.ThrowIfUnfit();
        parameters.ToLlamaContextParams(out var native);
        return native;
    }

    /// <summary>Allocates a context.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="native">Sizes, threads and the like; what the engine depends on is set here.</param>
    /// <param name="abortSwitch">Interrupts its decodes; to be kept as long as the context.</param>
    /// <exception cref="ArgumentException">A size or a number of threads is out of range.</exception>
    /// <exception cref="ModelFailureException">Memory ran out, or the model cannot generate text.</exception>
    public static SafeLLamaContextHandle Create(SafeLlamaModelHandle model, LLamaContextParams native, out AbortSwitch abortSwitch)
    {
        // Beyond these llama.cpp ends the process.
        Check.Range((long)native.n_ctx, 0, RunnerSizes.MostCells, nameof(IContextParams.ContextSize));
        Check.Range((long)native.n_batch, 1, RunnerSizes.MostRows, nameof(IContextParams.BatchSize));
        Check.Range((long)native.n_seq_max, 1, RunnerSizes.MostSequences, nameof(IContextParams.SeqMax));
        Check.Range(native.n_threads, 1, RunnerSizes.MostThreads, nameof(IContextParams.Threads));
        Check.Range(native.n_threads_batch, 1, RunnerSizes.MostThreads, nameof(IContextParams.BatchThreads));
        abortSwitch = new AbortSwitch();
        native.abort_callback = abortSwitch.Callback;
        native.n_ubatch = native.n_batch;
        native.embeddings = false;
        native.llama_pooling_type = LLamaPoolingType.None;
        native.kv_unified = native.n_seq_max > 1;
        native.swa_full = true; // a window that has moved on cannot be rolled back
        native.no_perf = true;
        var context = SafeLLamaContextHandle.Create(model, native);
        if (context.IsInvalid)
        {
            // LLamaSharp takes this for a context, and has counted it as a user of the weights.
            model.DangerousRelease();
            throw new ModelFailureException(
                $"LLamaSharp could not create a context of {native.n_ctx} cells over {model.Description}: memory ran out, or its settings contradict each other "
                + "(a quantised V cache needs flash attention, for example). Use a smaller context or other settings; the log of llama.cpp says more.");
        }

        return context;
    }

    // What says something about the model itself, RoPE and the like, is the target's alone.
    private static ModelParams? LikeTarget(IContextParams? target) => target is null ? null : new ModelParams(string.Empty)
    {
        Threads = target.Threads,
        BatchThreads = target.BatchThreads,
        FlashAttention = target.FlashAttention,
        TypeK = target.TypeK,
        TypeV = target.TypeV,
        NoKqvOffload = target.NoKqvOffload,
        OpOffload = target.OpOffload,
    };

    private static LLamaContextParams Sized(IContextParams? parameters, RunnerSizes sizes)
    {
        var native = ToNative(parameters ?? new ModelParams(string.Empty) { Threads = Math.Min(Environment.ProcessorCount, UsualThreads) });
        native.n_threads_batch = parameters?.BatchThreads is null ? native.n_threads : native.n_threads_batch;
        native.n_ctx = (uint)sizes.CellCapacity;
        native.n_batch = (uint)sizes.RowCapacity;
        native.n_seq_max = (uint)sizes.SequenceCapacity;
        return native;
    }
}
