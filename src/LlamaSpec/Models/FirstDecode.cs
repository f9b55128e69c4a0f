namespace LlamaSpec.Models;

/// <summary>The first decode maps the weights into memory and starts the threads: better while loading than in the first answer.</summary>
internal static class FirstDecode
{
    /// <summary>Decodes one token, and forgets it.</summary>
    /// <exception cref="ModelFailureException">The model cannot be decoded.</exception>
    public static void Run(IModelRunner runner)
    {
        var batch = new TokenBatch(1);
        batch.Add(0, 0, new SequenceId(0), wantsLogits: true);
        var status = runner.Decode(batch);
        if (status != DecodeStatus.Ok)
        {
            throw new ModelFailureException($"The first decode of {runner.Model.Description} ended with {status}: the model cannot be used.");
        }

        runner.ReleaseSequence(new SequenceId(0));
    }
}
