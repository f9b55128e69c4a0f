using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>
/// A GGUF model in memory. Safe from any thread. Runners made from it keep the weights alive, so it may be disposed before them.
/// </summary>
public sealed unsafe class LlamaModel : IDisposable
{
    private readonly ShimModelInfo _info;
    private readonly Lazy<LlamaTokenizer> _tokenizer;

    private LlamaModel(ModelHandle handle, string path)
    {
        Handle = handle;
        FilePath = path;
        ShimErrors.ThrowOnError(ShimImports.ModelGetInfo(handle, out _info));
        Info = new ModelInfo
        {
            Description = ShimText.Read(handle, ShimImports.ModelDescription),
            VocabularySize = _info.VocabularySize,
            TrainedContextLength = _info.TrainedContextLength,
            LayerCount = _info.LayerCount,
            HiddenSize = _info.HiddenSize,
            ParameterCount = _info.ParameterCount,
            SizeBytes = _info.SizeBytes,
        };
        ChatTemplate = TryGetMetadata("tokenizer.chat_template");
        _tokenizer = new Lazy<LlamaTokenizer>(() => new LlamaTokenizer(this));
    }

    /// <summary>The file that the model was loaded from.</summary>
    public string FilePath { get; }

    /// <summary>What the file says of the model.</summary>
    public ModelInfo Info { get; }

    /// <summary>False for a trimmed draft, whose rows are named by a <see cref="TokenMap"/> instead.</summary>
    public bool HasVocabulary => _info.HasVocabulary != 0;

    /// <summary>True for recurrent and hybrid models, whose sequences cannot be trimmed in part.</summary>
    public bool IsRecurrent => _info.IsRecurrent != 0;

    /// <summary>Beginning-of-sequence token, or -1.</summary>
    public int BeginToken => _info.BeginToken;

    /// <summary>End-of-sequence token, or -1.</summary>
    public int EndToken => _info.EndToken;

    /// <summary>End-of-turn token, or -1.</summary>
    public int EndOfTurnToken => _info.EndOfTurnToken;

    /// <summary>Whether text starts with <see cref="BeginToken"/> for this model.</summary>
    public bool AddsBeginToken => _info.AddsBeginToken != 0;

    /// <summary>The Jinja text of the model's chat template, or null.</summary>
    public string? ChatTemplate { get; }

    /// <summary>The tokenizer.</summary>
    /// <exception cref="InvalidOperationException">The model has no vocabulary (<see cref="HasVocabulary"/>).</exception>
    public LlamaTokenizer Tokenizer => HasVocabulary
        ? _tokenizer.Value
        : throw new InvalidOperationException($"{FilePath} has no vocabulary of its own: use the target's tokenizer.");

    internal ModelHandle Handle { get; }

    /// <summary>Loads a model. Blocks for seconds with a large file; call it off the UI thread.</summary>
    /// <param name="path">A GGUF file.</param>
    /// <param name="options">Null = defaults.</param>
    /// <param name="progress">
    /// Told the fraction loaded, 0 to 1, about 20 times a second from a pool thread, one report at a time; the last one, 1, from
    /// the calling thread. What it throws stops the load and is thrown from here.
    /// </param>
    /// <param name="cancellationToken">Stops the load at the next tensor.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFailureException">The file is empty, foreign, corrupt, truncated or of an unknown architecture, or memory ran out.</exception>
    /// <exception cref="OperationCanceledException">The load was cancelled.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public static LlamaModel Load(string path, LlamaModelOptions? options = null, IProgress<float>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        cancellationToken.ThrowIfCancellationRequested();
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            var advice = EmbeddedPair.Has(path) ? EmbeddedPair.MissingAdvice : "Check the path, or download the model first.";
            throw new FileNotFoundException($"The model file {path} does not exist. {advice}", path);
        }

        LlamaBackend.EnsureStarted();
        options ??= new LlamaModelOptions();
        using var monitor = new LoadMonitor(progress, cancellationToken);
        var status = ShimImports.ModelLoad(path, options.GpuLayerCount, options.UseMemoryMap ? 1 : 0, monitor.Handle, out var id);
        var handle = new ModelHandle(id);
        try
        {
            monitor.StopReporting();
            if (status == ShimStatus.Cancelled)
            {
                throw new OperationCanceledException(ShimErrors.LastMessage(), cancellationToken);
            }

            ShimErrors.ThrowOnError(status);
            progress?.Report(1);
            return new LlamaModel(handle, path);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>A metadata value of the file as text, or null when it has no such key. Arrays are not supported.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public string? TryGetMetadata(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var status = ShimImports.ModelMetadata(Handle, key, null, 0, out _);
        return status == ShimStatus.NotFound
            ? null
            : ShimText.Read((Handle, key), static ((ModelHandle Handle, string Key) state, byte* buffer, int capacity, out int length) =>
                ShimImports.ModelMetadata(state.Handle, state.Key, buffer, capacity, out length));
    }

    /// <summary>What decides whether the model can be one of a pair. Reads a trimmed draft's token map from the file.</summary>
    /// <exception cref="ModelFailureException">The token map is incomplete or contradicts itself.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public ModelTraits ReadTraits() => new()
    {
        IsRecurrent = IsRecurrent,
        Vocabulary = HasVocabulary ? new Vocabulary(Info.VocabularySize, BeginToken, EndToken, ReadTokenText) : null,
        TokenMap = TokenMapReader.TryRead(FilePath),
    };

    /// <summary>Frees the model, once the runners made from it are disposed too.</summary>
    public void Dispose() => Handle.Dispose();

    private int ReadTokenText(int token, Span<byte> utf8)
    {
        fixed (byte* text = utf8)
        {
            return ShimText.LengthOf(ShimImports.TokenText(Handle, token, text, utf8.Length, out var length), length);
        }
    }
}
