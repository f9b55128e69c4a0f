using LlamaSpec.Engine;
using LlamaSpec.Measuring.Oracle;
using LlamaSpec.Measuring.Runs;
using LlamaSpec.Models;
using LlamaSpec.Native;
using LlamaSpec.Native.Calibration;
using LlamaSpec.Policies;

namespace LlamaSpec.Measuring.Systems;

/// <summary>
/// All systems of a run, loaded: one engine for plain decoding, one with the draft, where there is one, for all policies, one process for each setting of
/// llama-server.
/// </summary>
internal sealed class SystemSet : IAsyncDisposable
{
    private readonly BenchOptions _options;
    private readonly RunProgress _progress;
    private readonly List<IAsyncDisposable> _loaded = [];
    private readonly List<IMeasuredSystem> _systems = [];
    private ITokenizer? _tokenizer;

    private SystemSet(BenchOptions options, RunProgress progress) => (_options, Options, _progress) = (options, options, progress);

    /// <summary>The first one is the baseline.</summary>
    public IReadOnlyList<IMeasuredSystem> Systems => _systems;

    /// <summary>The options, with what the calibration of the pair chose where they leave the choice.</summary>
    public BenchOptions Options { get; private set; }

    /// <summary>The target's.</summary>
    public ITokenizer Tokenizer => _tokenizer!;

    /// <summary>Loads them.</summary>
    /// <param name="options">What is to be measured.</param>
    /// <param name="targetPath">The target, or its copy.</param>
    /// <param name="progress">Told what is being loaded.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="ModelFailureException">A model cannot be loaded, or the draft not be used.</exception>
    /// <exception cref="MeasurementException">A llama-server does not start.</exception>
    /// <exception cref="NotSupportedException">Fast rows are asked for and the processor has none of the instructions.</exception>
    public static async Task<SystemSet> LoadAsync(
        BenchOptions options, string targetPath, RunProgress progress, CancellationToken cancellationToken)
    {
        var set = new SystemSet(options, progress);
        try
        {
            await set.LoadAsync(targetPath, cancellationToken);
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_loaded))
        {
            await part.DisposeAsync();
        }
    }

    private async Task LoadAsync(string targetPath, CancellationToken cancellationToken)
    {
        var rows = _options.Pair.FastRows;
        var pair = _options.PairOptions(targetPath, rows, drafts: true);
        var drafting = await LoadEngineAsync(pair, _options.HasDraft ? "target and draft" : "target, for drafts without a model", cancellationToken);

        // What the pair's calibration chose holds for all, or they would not compute alike.
        Options = _options with { Pair = PairCalibration.WithStored(pair) };
        await AddPlainAsync(targetPath, SystemLabel.Plain, rows, cancellationToken);
        if (_options.MeasuresStock)
        {
            await AddPlainAsync(targetPath, SystemLabel.StockPlain, FastRows.Off, cancellationToken);
        }

        AddPolicies(drafting, pair);
        foreach (var setting in _options.ServerPath is null ? [] : _options.ServerSettings)
        {
            await AddServerAsync(targetPath, setting, cancellationToken);
        }
    }

    private async Task AddPlainAsync(string targetPath, SystemLabel label, FastRows rows, CancellationToken cancellationToken)
    {
        var engine = await LoadEngineAsync(Options.PairOptions(targetPath, rows, drafts: false), label.Name, cancellationToken);
        _tokenizer ??= engine.Tokenizer;
        _systems.Add(new EngineSystem(label, engine, PolicyChoice.Off, _options.MaximumTokens));
    }

    private void AddPolicies(SpeculativeEngine engine, ModelPairOptions pair)
    {
        _systems.AddRange(_options.Policies.Select(policy =>
            new EngineSystem(policy.Label, engine, policy.Policy, _options.MaximumTokens)));
        if (_options is { MeasuresOracle: true, AcceptedRuns: { } createRuns })
        {
            _systems.Add(new OracleSystem(engine, createRuns(pair), _options.MaximumTokens));
        }
    }

    private async Task<SpeculativeEngine> LoadEngineAsync(ModelPairOptions pair, string name, CancellationToken cancellationToken)
    {
        _progress.Note($"loading: {name}");
        var engine = await ModelPair.LoadAsync(pair, null, cancellationToken);
        _loaded.Add(engine);
        return engine;
    }

    private async Task AddServerAsync(string targetPath, LlamaServerSetting setting, CancellationToken cancellationToken)
    {
        _progress.Note($"starting: {setting.Label.Name}");
        var options = Options.ServerOptions(targetPath, setting);
        var server = new LlamaServerSystem(setting, token => RunningServer.StartAsync(options, token), _options.MaximumTokens);
        _loaded.Add(server);
        _systems.Add(server);
        await server.StartAsync(cancellationToken);
    }
}
