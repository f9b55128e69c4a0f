using System.Diagnostics.Metrics;

namespace LlamaSpec.Diagnostics;

/// <summary>The counters of an engine, on the meter "LlamaSpec".</summary>
internal sealed class LlamaSpecMeter : IDisposable
{
    private readonly Meter _meter = new("LlamaSpec");
    private readonly Counter<long> _generatedTokens;
    private readonly Counter<long> _draftedTokens;
    private readonly Counter<long> _acceptedTokens;
    private readonly Counter<long> _rounds;
    private readonly Histogram<double> _stepMilliseconds;

    public LlamaSpecMeter()
    {
        _generatedTokens = _meter.CreateCounter<long>("llamaspec.generated_tokens", "{token}", "Tokens committed.");
        _draftedTokens = _meter.CreateCounter<long>("llamaspec.drafted_tokens", "{token}", "Tokens drafted.");
        _acceptedTokens = _meter.CreateCounter<long>("llamaspec.accepted_tokens", "{token}", "Drafted tokens that survived verification.");
        _rounds = _meter.CreateCounter<long>("llamaspec.rounds", "{round}", "Rounds.");
        _stepMilliseconds = _meter.CreateHistogram<double>("llamaspec.step", "ms", "Time of one engine step.");
    }

    // A listener that throws must not cost the requests.
    public void Round(int generated, int drafted, int accepted)
    {
        _rounds.Add(1);
        _generatedTokens.Add(generated);
        _draftedTokens.Add(drafted);
        _acceptedTokens.Add(accepted);
    }

    public void Step(double milliseconds) => _stepMilliseconds.Record(milliseconds);

    public void Dispose() => _meter.Dispose();
}
