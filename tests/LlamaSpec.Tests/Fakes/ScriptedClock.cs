using LlamaSpec.Models;

namespace LlamaSpec.Tests.Fakes;

/// <summary>A clock that moves only by decodes, each of which takes as long as a script says.</summary>
internal sealed class ScriptedClock : TimeProvider
{
    private long _microseconds;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => _microseconds;

    /// <summary>Lets the decodes of a model take their time.</summary>
    /// <param name="model">The model.</param>
    /// <param name="milliseconds">Asked at each decode.</param>
    public void Drive(MarkovModelRunner model, Func<double> milliseconds) => Drive(model, _ => milliseconds());

    /// <summary>The same, for times that depend on what is decoded.</summary>
    public void Drive(MarkovModelRunner model, Func<TokenBatch, double> milliseconds) => model.OnDecode = batch =>
    {
        _microseconds += (long)(1000 * milliseconds(batch));
        return null;
    };
}
