using LlamaSpec.Drafting;
using LlamaSpec.Models;
using LlamaSpec.Verification;

namespace LlamaSpec.Scheduling;

/// <summary>
/// A place for one request: its sequences in both KV caches, its token buffer and its draft. Between requests it keeps what
/// is in the KV cache, so that the next turn of a conversation need not decode it again.
/// </summary>
internal sealed class SequenceSlot(int index, int contextLength, DraftLimits limits, int vocabularySize)
{
    public int Index { get; } = index;

    public SequenceId Sequence { get; } = new(index);

    public TokenSequence Tokens { get; } = new(contextLength + limits.Length + 1);

    public DraftJob Job { get; } = new(index, new TokenTree(limits.Nodes, vocabularySize));

    public RoundEvidence Evidence { get; } = new(limits.Length);

    /// <summary>The paths of the round's draft, each a sequence of the target's KV cache while it is verified.</summary>
    public TreePaths Paths { get; } = new(limits.Nodes);

    /// <summary>How many of the tokens are in the target's KV cache.</summary>
    public int CachedCount { get; set; }

    public bool IsBusy { get; set; }

    /// <summary>When it was last released, as a running number.</summary>
    public long LastUse { get; set; }

    /// <summary>Committed tokens that must be in the KV cache before the anchor token can be decoded.</summary>
    public int PrefillRemaining => Tokens.CommittedCount - 1 - CachedCount;
}
