namespace LlamaSpec.Models;

/// <summary>
/// The first decode maps the weights into memory and starts the threads: better while loading than in the first answer. It also
/// shows what the model's file does not say to every backend.
/// </summary>
internal static class FirstDecode
{
    /// <summary>Decodes two tokens, and forgets them.</summary>
    /// <returns>Whether a sequence can be rolled back: false for recurrent and hybrid models.</returns>
    /// <exception cref="ModelFailureException">The model cannot be decoded.</exception>
    public static bool Run(IModelRunner runner)
    {
        var sequence = new SequenceId(0);
        var batch = new TokenBatch(2);
        batch.Add(0, 0, sequence, wantsLogits: false);
        batch.Add(0, 1, sequence, wantsLogits: true);
        var status = runner.Decode(batch);
        if (status != DecodeStatus.Ok)
        {
            throw new ModelFailureException($"The first decode of {runner.Model.Description} ended with {status}: the model cannot be used.");
        }

        if (runner.SequenceLength(sequence) != batch.Count)
        {
            throw new ModelFailureException($"{runner.Model.Description} keeps nothing of what it decodes: it is no model that generates text.");
        }

        var canRollBack = runner.TrimSequence(sequence, 1);
        runner.ReleaseSequence(sequence);
        return canRollBack;
    }
}
