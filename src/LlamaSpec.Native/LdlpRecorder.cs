using LlamaSpec.Models;
using LlamaSpec.Native.Kernels;
using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native;

/// <summary>A loaded pair that records samples for a draft-length predictor. One thread at a time.</summary>
public sealed class LdlpRecorder : IDisposable
{
    // The draft gives the logits of all rows of a decode: 64 of them fill 13 MB for a vocabulary of 49,152.
    private const int DraftRows = 64;

    private readonly List<IDisposable> _parts = [];
    private readonly SamplingOptions _sampling;
    private readonly LlamaModel _target;
    private readonly LdlpSampleRecorder _recorder;
    private int _contextLength;

    /// <summary>Loads both models.</summary>
    /// <param name="options">The pair, threads and context length; the draft is needed.</param>
    /// <param name="sampling">How the target's answers are sampled.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="ArgumentException">An option is out of range, or there is no draft.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="ModelFailureException">A model cannot be loaded, or the draft does not fit the target; the message says why.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public LdlpRecorder(ModelPairOptions options, SamplingOptions sampling, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sampling);
        options.Validate();
        _sampling = sampling;
        var targetPath = options.TargetPath ?? EmbeddedPair.TargetPath;
        DraftPath = options.DraftPath ?? (options.TargetPath is null ? EmbeddedPair.DraftPath : throw new ArgumentException("A draft-length predictor needs a draft: give its path."));
        try
        {
            _target = Load(targetPath, options.GpuLayerCount, cancellationToken);
            var draft = Load(DraftPath, options.DraftGpuLayerCountInUse, cancellationToken);
            var fitness = DraftFitness.Of(_target.ReadTraits(), draft.ReadTraits());
            if (!fitness.IsUsable)
            {
                throw new ModelFailureException($"The draft does not fit the target: {fitness.WhyUnusable}.");
            }

            Origin = new LdlpOrigin
            {
                TargetFingerprint = ModelFingerprint.Of(targetPath),
                DraftFingerprint = ModelFingerprint.Of(DraftPath),
                Temperature = sampling.Temperature,
            };
            _recorder = Connect(targetPath, draft, fitness.Vocabularies!.TokenMap, options);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The pair and the temperature.</summary>
    public LdlpOrigin Origin { get; }

    /// <summary>The draft's file.</summary>
    public string DraftPath { get; }

    /// <summary>Width of the target's hidden rows.</summary>
    public int HiddenSize => _target.Info.HiddenSize;

    /// <summary>Lets the target answer a question in its chat format, and adds the positions of the answer.</summary>
    /// <param name="question">The user's turn.</param>
    /// <param name="index">Number of the question; also part of the seed.</param>
    /// <param name="maximumTokens">Most tokens of the answer.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="samples">Receives the samples.</param>
    /// <param name="cancellationToken">Stops before the next token.</param>
    /// <returns>Samples added; 0 for a question that the context has no room for.</returns>
    /// <exception cref="ModelFailureException">A model could not be decoded.</exception>
    public int Record(
        string question, int index, int maximumTokens, ulong seed, LdlpSampleSet samples, CancellationToken cancellationToken = default)
    {
        var prompt = _target.Tokenizer.EncodeQuestion(question);
        return prompt.Length == 0 || prompt.Length >= _contextLength
            ? 0
            : _recorder.Record(prompt, index, _sampling, Math.Min(maximumTokens, _contextLength - prompt.Length), seed + (ulong)index, samples, cancellationToken);
    }

    /// <summary>Frees both models.</summary>
    public void Dispose()
    {
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            _parts[i].Dispose();
        }
    }

    private LdlpSampleRecorder Connect(string targetPath, LlamaModel draft, TokenMap? map, ModelPairOptions options)
    {
        var embeddings = Track(new TokenEmbeddings(targetPath));
        if (embeddings.Width != HiddenSize)
        {
            throw new ModelFailureException($"The target's embeddings have {embeddings.Width} values and its hidden rows {HiddenSize}: a draft-length predictor needs rows of one width.");
        }

        var targetRunner = Track(new LlamaModelRunner(_target, options.ForOneSequence(options.TargetThreadCount)));
        var draftRunner = Track(new LlamaModelRunner(draft, options.ForOneSequence(options.TargetThreadCount, DraftRows)));
        _contextLength = Math.Min(targetRunner.CellCapacity, draftRunner.CellCapacity);
        var kernels = new NativeKernels();
        return new LdlpSampleRecorder(
            new AnswerRecorder(targetRunner, _target.Tokenizer.IsEndOfGeneration, kernels),
            new AcceptanceRecorder(draftRunner, map, _target.Info.VocabularySize, kernels),
            embeddings.Read);
    }

    private LlamaModel Load(string path, int gpuLayerCount, CancellationToken cancellationToken) =>
        Track(LlamaModel.Load(path, new LlamaModelOptions { GpuLayerCount = gpuLayerCount }, null, cancellationToken));

    private T Track<T>(T part)
        where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }
}
