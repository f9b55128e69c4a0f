using LLama;
using LLama.Common;
using LLama.Exceptions;
using LlamaSpec.Engine;
using LlamaSpec.Models;

namespace LlamaSpec.LLamaSharp;

/// <summary>
/// Starts an engine over models that LLamaSharp has loaded. What the caller handed over stays the caller's: the engine frees what
/// it made itself.
/// </summary>
public static class LLamaSharpPair
{
    /// <summary>
    /// Starts an engine over loaded weights, with KV caches of its own. Takes some tenths of a second, and for a pair that is new
    /// on this machine 2.5 seconds for its <see cref="LLamaSharpPairOptions.Calibration"/>: call it off the UI thread.
    /// </summary>
    /// <param name="target">The target. It may be disposed before the engine: its memory then is freed with the engine.</param>
    /// <param name="draft">The draft; null = drafters that need no model go on alone.</param>
    /// <param name="options">Null = defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="ModelFailureException">The target cannot be used; or the draft, where it is required. The message says why.</exception>
    /// <exception cref="NotSupportedException">LLamaSharp or its native libraries are of a version that does not fit.</exception>
    public static SpeculativeEngine Create(LLamaWeights target, LLamaWeights? draft = null, LLamaSharpPairOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options?.ThrowIfDraftIsMissing(draft);
        LLamaSharpVersion.ThrowIfUnfit();
        return PairBuilder.Start(new PairWeights(target, draft), options ?? new LLamaSharpPairOptions());
    }

    /// <summary>
    /// Starts an engine over contexts that the application has created: see <see cref="LLamaSharpRunner(LLamaContext)"/> for what they
    /// must be, and for what is lost (a decode cannot be interrupted).
    /// </summary>
    /// <param name="target">The target's context. The engine must be disposed before it.</param>
    /// <param name="draft">The draft's; null = drafters that need no model go on alone.</param>
    /// <param name="options">Null = defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range or does not fit the contexts, or a context is not empty.</exception>
    /// <exception cref="ModelFailureException">The target cannot be used; or the draft, where it is required. The message says why.</exception>
    /// <exception cref="NotSupportedException">LLamaSharp or its native libraries are of a version that does not fit.</exception>
    public static SpeculativeEngine Create(LLamaContext target, LLamaContext? draft = null, LLamaSharpPairOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        options?.ThrowIfDraftIsMissing(draft);
        if (ReferenceEquals(target, draft))
        {
            throw new ArgumentException("Target and draft need a context each, even over the same weights.", nameof(draft));
        }

        return PairBuilder.Start(target, draft, options ?? new LLamaSharpPairOptions());
    }

    /// <summary>
    /// Loads a pair through LLamaSharp and starts an engine over it, which owns the weights. Files beside the models are used as by
    /// LlamaSpec's own backend: a trimmed draft's token map, a draft-length predictor, a table of tri-grams.
    /// </summary>
    /// <param name="target">Which target, where to place it, and how to run it. Its sizes (context, batch, sequences) are replaced by those that the engine needs.</param>
    /// <param name="draft">The same for the draft; null = drafters that need no model go on alone.</param>
    /// <param name="options">Null = defaults.</param>
    /// <param name="progress">Told the fraction loaded, 0 to 1, from a pool thread; the target and the draft count half each.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="FileNotFoundException">The target's file does not exist, or the draft's, where it is required.</exception>
    /// <exception cref="ArgumentException">An option is out of range; said before a model is loaded.</exception>
    /// <exception cref="ModelFailureException">The target cannot be used; or the draft, where it is required. The message says why.</exception>
    /// <exception cref="NotSupportedException">LLamaSharp or its native libraries are of a version that does not fit.</exception>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    public static async Task<SpeculativeEngine> LoadAsync(
        ModelParams target, ModelParams? draft = null, LLamaSharpPairOptions? options = null, IProgress<float>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        options = (options ?? new LLamaSharpPairOptions()) with
        {
            TargetContext = options?.TargetContext ?? target,
            DraftContext = options?.DraftContext ?? draft,
        };
        options.Validate();
        options.ThrowIfDraftIsMissing(draft);
        LLamaSharpVersion.ThrowIfUnfit();
        var share = draft is null ? 1f : 0.5f;
        var weights = await LoadWeightsAsync(target, progress, 0, share, cancellationToken).ConfigureAwait(false);
        LLamaWeights? draftWeights = null;
        try
        {
            var reason = default(string);
            try
            {
                draftWeights = draft is null ? null : await LoadWeightsAsync(draft, progress, share, share, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!options.RequireDraft && error is ModelFailureException or FileNotFoundException)
            {
                reason = $"the draft cannot be used: {error.Message}";
            }

            var pair = new PairWeights(weights, draftWeights)
            {
                Files = new PairFiles(target.ModelPath, draftWeights is null ? null : draft!.ModelPath),
                DraftMissingReason = reason,
            };
            return await Task.Run(() => PairBuilder.Start(pair, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            draftWeights?.Dispose();
            weights.Dispose();
            throw;
        }
    }

    private static async Task<LLamaWeights> LoadWeightsAsync(ModelParams parameters, IProgress<float>? progress, float start, float share, CancellationToken cancellationToken)
    {
        if (!File.Exists(parameters.ModelPath))
        {
            throw new FileNotFoundException($"The model file {parameters.ModelPath} does not exist. Check the path, or download the model first.", parameters.ModelPath);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var part = progress is null ? null : new LoadPart(progress, start, share, stop);
        try
        {
            return await LLamaWeights.LoadFromFileAsync(parameters, stop.Token, part).ConfigureAwait(false);
        }
        catch (Exception error) when (part?.Failure is null && error is LoadWeightsFailedException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFailureException(
                $"LLamaSharp cannot load {parameters.ModelPath}: it cannot be read, is damaged, no model, or of an architecture that its llama.cpp does not know. "
                + "The log of llama.cpp says more (NativeLogConfig.llama_log_set).",
                error);
        }
        finally
        {
            part?.ThrowFailure();
        }
    }
}
