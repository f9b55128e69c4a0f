namespace LlamaSpec.Measuring.Systems;

/// <summary>A system gave no answer that can be measured. The message says why.</summary>
/// <param name="message">Why.</param>
/// <param name="endsRun">The system is gone: there is nothing more to compare with.</param>
internal sealed class MeasurementException(string message, bool endsRun = false) : Exception(message)
{
    public bool EndsRun => endsRun;
}
