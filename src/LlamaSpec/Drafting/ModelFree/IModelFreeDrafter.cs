namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Proposes tokens from text that was seen, without a model. One for each request, engine thread only. Every node that it adds
/// is certain (not sampled), so what it proposes may be pruned freely, and is verified by sampling from the target and
/// comparing.
/// <para>
/// A node's entry in <see cref="TokenTree.Probabilities"/> is the drafter's confidence, in (0, 1], that the token follows its
/// parent, given that the path to the parent is right: a larger one means more likely, but it is not calibrated.
/// </para>
/// </summary>
public interface IModelFreeDrafter
{
    /// <summary>Short name for statistics and logs, in lower case.</summary>
    string Name { get; }

    /// <summary>What a proposal takes about, in milliseconds: it is not asked where that is too much. Default 0.003.</summary>
    double NominalMilliseconds => 0.003;

    /// <summary>Forgets the text: another request starts.</summary>
    void Begin();

    /// <summary>Takes the next committed tokens, of the prompt or of the answer, in order.</summary>
    void Append(ReadOnlySpan<int> tokens);

    /// <summary>
    /// Adds what it proposes below a node. May add nothing. A child that the node already has is gone through, not added again;
    /// below <paramref name="parent"/> no child may have been sampled. Allocates nothing.
    /// </summary>
    /// <param name="pending">Drafted tokens on the path to the parent, which follow the committed text; empty for <see cref="TokenTree.Anchor"/>.</param>
    /// <param name="tree">Receives the nodes, as many as it has room for.</param>
    /// <param name="parent">The node to go on from, or <see cref="TokenTree.Anchor"/>.</param>
    /// <param name="maximumDepth">Most tokens of a path below the parent.</param>
    void Propose(ReadOnlySpan<int> pending, TokenTree tree, int parent, int maximumDepth);
}
