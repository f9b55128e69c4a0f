using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Models;
using LlamaSpec.Native;
using LlamaSpec.Policies;

namespace LlamaSpec.Benchmarks.EndToEnd.Systems;

/// <summary>
/// All systems of a run, loaded: one engine for each choice of kernels with and without a draft, one process for each setting of
/// llama-server.
/// </summary>
internal sealed class SystemSet : IAsyncDisposable
{
    private readonly EndToEndOptions _options;
    private readonly RunProgress _progress;
    private readonly List<IAsyncDisposable> _loaded = [];
    private readonly List<IMeasuredSystem> _systems = [];
    private ITokenizer? _tokenizer;

    private SystemSet(EndToEndOptions options, RunProgress progress) => (_options, _progress) = (options, progress);

    /// <summary>The first one is the baseline.</summary>
    public IReadOnlyList<IMeasuredSystem> Systems => _systems;

    /// <summary>The target's.</summary>
    public ITokenizer Tokenizer => _tokenizer!;

    /// <summary>Loads them.</summary>
    /// <param name="options">What is to be measured.</param>
    /// <param name="targetPath">The target, widened where that was asked for.</param>
    /// <param name="progress">Told what is being loaded.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <exception cref="ModelFailureException">A model cannot be loaded, or the draft not be used.</exception>
    /// <exception cref="MeasurementException">A llama-server does not start.</exception>
    /// <exception cref="NotSupportedException">The processor has none of the instructions that the fast rows need.</exception>
    public static async Task<SystemSet> LoadAsync(
        EndToEndOptions options, string targetPath, RunProgress progress, CancellationToken cancellationToken)
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
        await AddEngineAsync(targetPath, FastRows.Off, drafts: false, cancellationToken);
        await AddEngineAsync(targetPath, FastRows.On, drafts: false, cancellationToken);
        await AddEngineAsync(targetPath, FastRows.On, drafts: true, cancellationToken);
        if (_options.MeasuresStockPolicies)
        {
            await AddEngineAsync(targetPath, FastRows.Off, drafts: true, cancellationToken);
        }

        if (_options.ServerPath is not null)
        {
            await AddServerAsync(targetPath, SystemLabel.PlainServer, draftLength: 0, cancellationToken);
            foreach (var length in _options.ServerDraftPath is null ? [] : _options.ServerLengths)
            {
                await AddServerAsync(targetPath, SystemLabel.DraftingServer(length), length, cancellationToken);
            }
        }
    }

    private async Task AddEngineAsync(string targetPath, FastRows rows, bool drafts, CancellationToken cancellationToken)
    {
        var isFast = rows == FastRows.On;
        _progress.Note($"loading {(drafts ? "target and draft" : "target")}, rows {(isFast ? "on" : "off")}");
        var engine = await ModelPair.LoadAsync(_options.PairOptions(targetPath, rows, drafts), null, cancellationToken);
        _loaded.Add(engine);
        _tokenizer ??= engine.Tokenizer;
        if (drafts)
        {
            _systems.AddRange(_options.Policies.Select(policy =>
                new EngineSystem(SystemLabel.Policy(policy.Name, isFast), engine, policy, _options.MaximumTokens)));
        }
        else
        {
            var label = isFast ? SystemLabel.PlainFastRows : SystemLabel.Plain;
            _systems.Add(new EngineSystem(label, engine, PolicyChoice.Off, _options.MaximumTokens));
        }
    }

    private async Task AddServerAsync(string targetPath, SystemLabel label, int draftLength, CancellationToken cancellationToken)
    {
        _progress.Note($"starting {label.Name}");
        var server = await LlamaServerProcess.StartAsync(_options.ServerOptions(targetPath, draftLength), cancellationToken);
        _loaded.Add(server);
        _systems.Add(new LlamaServerSystem(label, server, _options.MaximumTokens));
    }
}
