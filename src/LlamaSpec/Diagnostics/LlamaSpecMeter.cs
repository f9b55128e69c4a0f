using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;

namespace LlamaSpec.Diagnostics;

/// <summary>The counters of an engine, on the meter "LlamaSpec". A listener that throws does not cost the requests.</summary>
[SuppressMessage("Design", "CA1031", Justification = "Listeners run on the engine thread and may throw anything.")]
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

    public void Round(int generated, int drafted, int accepted)
    {
        try
        {
            _rounds.Add(1);
            _generatedTokens.Add(generated);
            _draftedTokens.Add(drafted);
            _acceptedTokens.Add(accepted);
        }
        catch (Exception)
        {
            // A listener's own failure; the counters are for it alone.
        }
    }

    public void Step(double milliseconds)
    {
        try
        {
            _stepMilliseconds.Record(milliseconds);
        }
        catch (Exception)
        {
            // As above.
        }
    }

    public void Dispose() => _meter.Dispose();
}
