using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// Makes samples: lets the target answer, asks the draft how much of the answer it would have had right, and keeps every position
/// whose future is known (arXiv 2412.18910, section 3.2). One thread at a time.
/// </summary>
/// <param name="answers">Lets the target answer.</param>
/// <param name="acceptances">Asks the draft.</param>
/// <param name="embeddings">Reads the target's token embeddings.</param>
public sealed class LdlpSampleRecorder(AnswerRecorder answers, AcceptanceRecorder acceptances, TokenEmbeddingReader embeddings)
{
    /// <summary>Answers a prompt and adds its positions.</summary>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="promptIndex">Number of the prompt, by which samples are held out.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="maximumTokens">Most tokens of the answer. More than the set's longest length, or an answer cut short gives none.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="samples">Receives the samples, until it is full.</param>
    /// <param name="cancellationToken">Stops before the next token.</param>
    /// <returns>Samples added.</returns>
    /// <exception cref="ArgumentException">The prompt is empty or too long.</exception>
    /// <exception cref="LlamaSpec.Models.ModelFailureException">A model could not be decoded.</exception>
    public int Record(
        ReadOnlySpan<int> prompt,
        int promptIndex,
        SamplingOptions sampling,
        int maximumTokens,
        ulong seed,
        LdlpSampleSet samples,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        var answer = answers.Record(prompt, sampling, maximumTokens, seed, cancellationToken);
        var accepted = acceptances.Record(answer, sampling, cancellationToken);
        var embedding = new float[samples.HiddenSize];
        var hiddenRow = new float[samples.HiddenSize];
        var survival = new float[samples.LongestLength];

        // After its end an answer accepts nothing more. After a cut nobody knows, and to keep only the positions whose draft failed
        // before the cut would prefer the short ones.
        var anchors = answer.HasEnded ? answer.AnswerLength - 1 : answer.AnswerLength - samples.LongestLength;
        var added = 0;
        for (; added < anchors && !samples.IsFull; added++)
        {
            embeddings(answer.Tokens[answer.PromptLength + added], embedding);
            answer.ReadHiddenRow(added, hiddenRow);
            AcceptanceRecorder.Survival(accepted, added + 1, survival);
            samples.Add(embedding, hiddenRow, survival, promptIndex);
        }

        return added;
    }
}
