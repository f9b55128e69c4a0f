using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>How the contracts of <see cref="IModelRunner"/> get runners of one backend, and how exactly they may ask.</summary>
public abstract class RunnerBackend
{
    /// <summary>Twelve tokens or more of an ordinary text of the model, no two beside each other the same.</summary>
    public abstract int[] Text { get; }

    /// <summary>
    /// How far a logit, or a value of a hidden row, may move when a row is decoded in another company. Default 0: not at all.
    /// </summary>
    public virtual float Noise => 0;

    /// <summary>
    /// The same where the cells of a sequence lie in another order than its positions, as after a branch took over the trunk: sums
    /// over them then run in another order, and the model amplifies that. Default: <see cref="Noise"/>.
    /// </summary>
    public virtual float NoiseOfMovedCells => Noise;

    /// <summary>Some logit moves by more than that when a row sees another token before it: above both noises. Default 1.</summary>
    public virtual float Signal => 1;

    /// <summary>Most bytes that a warm decode may allocate on its thread, its results read and its cells trimmed. Default 0.</summary>
    public virtual long AllocatedBytesPerDecodeLimit => 0;

    /// <summary>Makes a runner, always over the same model, with just these capacities.</summary>
    public abstract IModelRunner Create(int cellCapacity, int rowCapacity, int sequenceCapacity);

    /// <summary>
    /// Decodes <paramref name="batch"/> while an abort is requested. It may come too late, then the decode ends with
    /// <see cref="DecodeStatus.Ok"/>, but not always. By default another thread asks every millisecond.
    /// </summary>
    public virtual DecodeStatus DecodeUnderAbort(IModelRunner runner, TokenBatch batch)
    {
        using var stop = new CancellationTokenSource();
        var aborter = new Thread(() =>
        {
            while (!stop.Token.WaitHandle.WaitOne(1))
            {
                runner.RequestAbort();
            }
        });
        aborter.Start();
        try
        {
            return runner.Decode(batch);
        }
        finally
        {
            stop.Cancel();
            aborter.Join();
        }
    }
}
