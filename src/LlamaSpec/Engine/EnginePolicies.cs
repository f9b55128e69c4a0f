using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Policies;
using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Engine;

/// <summary>What the policies of an engine share, and which one a request gets.</summary>
internal sealed class EnginePolicies
{
    private readonly EngineParts _parts;
    private readonly SpeculativeEngineOptions _options;
    private readonly AdaptiveState _adaptive;

    public EnginePolicies(EngineParts parts, SpeculativeEngineOptions options)
    {
        _parts = parts;
        _options = options;
        _adaptive = new AdaptiveState(parts.Costs);
        if (parts.Learned is { } learned)
        {
            _adaptive.TryLoad(learned.Span);
        }
    }

    /// <summary>The request's own choice, else the engine's. Who gives a seed wants the same text again, so its lengths must not follow the clock.</summary>
    public PolicyChoice For(GenerationRequest request) =>
        request.Policy ?? (_options.Policy == PolicyChoice.Auto && request.Sampling is { Seed: not null, IsGreedy: false } ? PolicyChoice.AutoReplay : _options.Policy);

    /// <summary>What a policy of the request may look at.</summary>
    public PolicyContext ContextOf(GenerationRequest request) => new()
    {
        Sampling = request.Sampling,
        MaximumDraftLength = _options.MaximumDraftLength,
        Adaptive = _adaptive,
        LengthPredictor = _parts.LengthPredictor,
    };

    /// <summary>Hands over what was learned. Engine thread, once.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "What cannot be kept is learned again; it must not keep the models from being freed.")]
    public void Save()
    {
        try
        {
            _parts.SaveLearned?.Invoke(_adaptive.Save());
        }
        catch (Exception)
        {
            // As above.
        }
    }
}
