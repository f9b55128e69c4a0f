using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>Samples to train on, and samples of other prompts to judge by: neighbours in one answer are too alike to be told apart by position.</summary>
internal sealed record LdlpSplit(int[] Training, int[] HeldOut)
{
    /// <summary>Chooses prompts by the seed.</summary>
    /// <exception cref="ArgumentException">There are too few samples, or they are all of one prompt.</exception>
    public static LdlpSplit Of(LdlpSampleSet samples, double heldOutShare, ulong seed)
    {
        int[] prompts = [.. samples.Prompts.OrderBy(prompt => CounterRandom.Uniform(seed, prompt, 0, DrawPurpose.Accept)).ThenBy(static prompt => prompt)];
        if (prompts.Length < 2)
        {
            throw new ArgumentException($"A predictor needs samples of at least 2 prompts, and there are {samples.Count} samples of {prompts.Length}. Give more prompts, or longer answers.");
        }

        var heldOut = prompts.Take((int)Math.Max(1, Math.Round(heldOutShare * prompts.Length))).ToHashSet();
        var all = Enumerable.Range(0, samples.Count);
        return new LdlpSplit(
            [.. all.Where(sample => !heldOut.Contains(samples.Prompt(sample)))],
            [.. all.Where(sample => heldOut.Contains(samples.Prompt(sample)))]);
    }
}
