using LlamaSpec.Drafting;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Drafting;

namespace LlamaSpec.Tests.Verification;

/// <summary>A tree with random logits for each of its states. Verification uses proposals up, so the tree is made anew when asked for.</summary>
internal sealed class TreeCase
{
    private const int VocabularySize = 12;

    private readonly Func<TokenTree> _draft;

    public TreeCase(Random random, SamplingOptions sampling, int capacity)
        : this(random, sampling, DraftLater(random.Next(), capacity))
    {
    }

    public TreeCase(Random random, SamplingOptions sampling, Func<TokenTree> draft)
    {
        _draft = draft;
        Sampling = sampling;
        Seed = (ulong)random.NextInt64();
        Round = random.NextInt64();
        Logits = [.. Enumerable.Range(0, (draft().Count + 1) * VocabularySize).Select(_ => 2 * random.NextSingle())];
    }

    public SamplingOptions Sampling { get; }

    public ulong Seed { get; }

    public long Round { get; }

    public float[] Logits { get; }

    public TokenTree Tree() => _draft();

    public Span<float> Row(int node) => Logits.AsSpan((node + 1) * VocabularySize, VocabularySize);

    public int ArgMax(int node) => Row(node).IndexOf(System.Numerics.Tensors.TensorPrimitives.Max<float>(Row(node)));

    private static Func<TokenTree> DraftLater(int seed, int capacity) => () => RandomTrees.Draft(new Random(seed), VocabularySize, capacity);
}
