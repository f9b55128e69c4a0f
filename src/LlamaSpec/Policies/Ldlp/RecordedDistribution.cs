using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Ldlp;

/// <summary>The tokens of a distribution that have weight, for keeping many of them.</summary>
internal sealed class RecordedDistribution
{
    // What is left out would add less than this to an acceptance, times the tokens left out.
    private const float SmallestProbability = 1e-6f;

    private readonly int[] _tokens;
    private readonly float[] _probabilities;

    public RecordedDistribution(TokenDistribution distribution)
    {
        List<int> tokens = [];
        var candidates = distribution.IsDense ? distribution.VocabularySize : distribution.Support.Length;
        for (var i = 0; i < candidates; i++)
        {
            var token = distribution.IsDense ? i : distribution.Support[i];
            if (distribution[token] >= SmallestProbability)
            {
                tokens.Add(token);
            }
        }

        _tokens = [.. tokens];
        _probabilities = Array.ConvertAll(_tokens, token => distribution[token]);
    }

    /// <summary>Sum of min(target, draft): the probability that a token drawn from the draft is accepted (arXiv 2211.17192, section 3.1).</summary>
    public float Overlap(TokenDistribution draft)
    {
        var sum = 0.0;
        for (var i = 0; i < _tokens.Length; i++)
        {
            sum += Math.Min(_probabilities[i], draft[_tokens[i]]);
        }

        return (float)Math.Min(sum, 1);
    }
}
