using LlamaSpec.Sampling;

namespace LlamaSpec.Drafting;

/// <summary>
/// The distributions that the drafted tokens of one round were drawn from, one per token. Empty at temperature 0, where
/// the token alone matters. The rows are allocated when a slot first needs them, and kept.
/// </summary>
/// <param name="capacity">Longest draft.</param>
/// <param name="vocabularySize">Tokens of the target.</param>
public sealed class DraftChain(int capacity, int vocabularySize)
{
    private TokenDistribution[] _distributions = [];

    /// <summary>Makes room for distributions. Called before a request starts, so that no step allocates.</summary>
    public void Reserve()
    {
        if (_distributions.Length == 0)
        {
            _distributions = new TokenDistribution[capacity];
            for (var i = 0; i < capacity; i++)
            {
                _distributions[i] = new TokenDistribution(vocabularySize);
            }
        }
    }

    /// <summary>The distribution for node <paramref name="index"/>, to be written by the drafter before it draws.</summary>
    public TokenDistribution this[int index] => _distributions[index];

    /// <summary>The distributions of the first <paramref name="count"/> tokens.</summary>
    public ReadOnlySpan<TokenDistribution> First(int count) => _distributions.AsSpan(0, count);
}
