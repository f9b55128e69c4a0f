using LlamaSpec.Models;
using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// Tells which tokens of a finished text a draft would have had right. The draft decodes the text once, as it is (teacher-forced):
/// what it drafts after accepted tokens is what it says here, since these were right. Uses sequence 0 of the runner. One thread at
/// a time.
/// </summary>
public sealed class AcceptanceRecorder
{
    private static readonly SequenceId Sequence = new(0);

    private readonly IModelRunner _draft;
    private readonly TokenMap? _map;
    private readonly Sampler _sampler;
    private readonly TokenDistribution _distribution;
    private readonly TokenBatch _batch;

    /// <summary>Makes a recorder.</summary>
    /// <param name="draft">The draft; not owned. Logits of a whole batch are wanted, so its row capacity should be modest, for example 64.</param>
    /// <param name="map">Target ids of a trimmed draft's rows; null = draft and target share a vocabulary.</param>
    /// <param name="targetVocabularySize">Tokens of the target.</param>
    /// <param name="kernels">Row arithmetic.</param>
    public AcceptanceRecorder(IModelRunner draft, TokenMap? map, int targetVocabularySize, IKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(kernels);
        (_draft, _map) = (draft, map);
        _sampler = new Sampler(kernels, draft.Model.VocabularySize);
        _distribution = new TokenDistribution(targetVocabularySize);
        _batch = new TokenBatch(draft.RowCapacity);
    }

    /// <summary>Greedy: 1 for each token of an answer that is the draft's most likely one, else 0.</summary>
    /// <param name="tokens">Prompt and answer.</param>
    /// <param name="promptLength">Tokens of the prompt, at least 1.</param>
    /// <param name="cancellationToken">Stops before the next decode.</param>
    /// <exception cref="ArgumentException">There is no prompt, or the text is longer than the draft's KV cache.</exception>
    /// <exception cref="ModelFailureException">The draft could not be decoded.</exception>
    public float[] RecordMatches(ReadOnlySpan<int> tokens, int promptLength, CancellationToken cancellationToken = default) =>
        Record(tokens, promptLength, SamplingOptions.Greedy, [], cancellationToken);

    /// <summary>
    /// The acceptance probability of each token's position: for a greedy answer as <see cref="RecordMatches"/>, else the sum of
    /// min(target, draft) of both shaped distributions.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="sampling">As the answer was sampled.</param>
    /// <param name="cancellationToken">Stops before the next decode.</param>
    /// <exception cref="ArgumentException">The text is longer than the draft's KV cache.</exception>
    /// <exception cref="ModelFailureException">The draft could not be decoded.</exception>
    public float[] Record(RecordedAnswer answer, SamplingOptions sampling, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(sampling);
        return Record([.. answer.Tokens], answer.PromptLength, sampling, answer.Distributions, cancellationToken);
    }

    /// <summary>How many tokens from each index on are accepted one after another: the oracle's draft lengths.</summary>
    /// <param name="matches">1 or 0 for each token of the answer.</param>
    /// <returns>At index i, the tokens of a draft that starts with answer token i, all of which would be accepted.</returns>
    public static int[] RunLengths(ReadOnlySpan<float> matches)
    {
        var lengths = new int[matches.Length];
        var run = 0;
        for (var i = matches.Length - 1; i >= 0; i--)
        {
            run = matches[i] >= 1 ? run + 1 : 0;
            lengths[i] = run;
        }

        return lengths;
    }

    /// <summary>The probability that a draft that starts with answer token <paramref name="start"/> has at least 1, 2, .. tokens accepted; 0 beyond the answer.</summary>
    public static void Survival(ReadOnlySpan<float> acceptances, int start, Span<float> survival)
    {
        var product = 1f;
        for (var j = 0; j < survival.Length; j++)
        {
            product = start + j < acceptances.Length ? product * acceptances[start + j] : 0;
            survival[j] = product;
        }
    }

    private float[] Record(
        ReadOnlySpan<int> tokens, int promptLength, SamplingOptions sampling, IReadOnlyList<RecordedDistribution> targets, CancellationToken cancellationToken)
    {
        Check.Range(promptLength, 1, tokens.Length, nameof(promptLength));
        Check.Range(tokens.Length - 1, 0, _draft.CellCapacity, "text length");
        var acceptances = new float[tokens.Length - promptLength];
        _draft.ReleaseSequence(Sequence);
        for (var start = 0; start < tokens.Length - 1; start += _batch.Capacity)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Decode(tokens, start, Math.Min(tokens.Length - 1, start + _batch.Capacity), promptLength);
            for (var row = Math.Max(0, promptLength - 1 - start); row < _batch.Count; row++)
            {
                var next = start + row + 1;
                var index = next - promptLength;
                acceptances[index] = sampling.IsGreedy
                    ? Matches(row, tokens[..next], tokens[next], sampling)
                    : Overlap(row, tokens[..next], targets[index], sampling);
            }
        }

        return acceptances;
    }

    private float Matches(int row, ReadOnlySpan<int> prefix, int token, SamplingOptions sampling) =>
        _sampler.ArgMax(_draft.LogitsRow(row), _map, prefix, sampling, out _) == token ? 1 : 0;

    private float Overlap(int row, ReadOnlySpan<int> prefix, RecordedDistribution target, SamplingOptions sampling) =>
        _sampler.TryShape(_draft.LogitsRow(row), _map, prefix, sampling, _distribution, out _) ? target.Overlap(_distribution) : 0;

    private void Decode(ReadOnlySpan<int> tokens, int start, int end, int promptLength)
    {
        _batch.Clear();
        for (var position = start; position < end; position++)
        {
            var token = _map is null ? tokens[position] : _map.FromTarget(tokens[position]);
            _batch.Add(token, position, Sequence, wantsLogits: position >= promptLength - 1);
        }

        var status = _draft.Decode(_batch);
        if (status != DecodeStatus.Ok)
        {
            throw new ModelFailureException($"The draft could not be decoded: {status}.");
        }
    }
}
