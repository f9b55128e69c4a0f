using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace LlamaSpec.LLamaSharp;

/// <summary>
/// A part of a longer progress. What the caller's own progress throws must not leave through llama.cpp, which calls it: it stops the
/// load and is thrown afterwards.
/// </summary>
internal sealed class LoadPart(IProgress<float> whole, float start, float share, CancellationTokenSource stop) : IProgress<float>
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>What the caller's progress threw; null = nothing.</summary>
    public Exception? Failure => _failure?.SourceException;

    [SuppressMessage("Design", "CA1031", Justification = "It is thrown once the load has ended.")]
    public void Report(float value)
    {
        try
        {
            if (_failure is null)
            {
                whole.Report(start + (share * value));
            }
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
            stop.Cancel();
        }
    }

    /// <summary>Throws what the caller's progress threw, if it did.</summary>
    public void ThrowFailure() => _failure?.Throw();
}
