using LlamaSpec.Drafting;

namespace LlamaSpec.Verification;

/// <summary>
/// Which drafts are judged jointly, above temperature 0, instead of from node to node. Nothing of this may depend on which tokens
/// chance chose, or the rule that judges them would, and that is not exact: so a certain end of a chain changes nothing, nor do
/// branches that might have been.
/// </summary>
internal static class JudgedAsAWhole
{
    /// <summary>A chain that chance chose token by token, whatever certain tokens hang behind it: the rules for chains.</summary>
    public static bool IsChain(TokenTree tree)
    {
        var count = tree.SampledCount;
        for (var node = 0; node < tree.Count; node++)
        {
            var isInPlace = node < count ? tree.IsSampled[node] != 0 && tree.Parents[node] == node - 1 : tree.Parents[node] >= count - 1;
            if (!isInPlace)
            {
                return false;
            }
        }

        return count > 0 && !tree.MayBranch && !tree.IsDrawn;
    }

    /// <summary>A tree of sampled nodes alone, unless token by token was asked for: traversal.</summary>
    public static bool IsTree(TokenTree tree, VerificationRule rule) => tree is { IsDrawn: true, Count: > 0 } && rule == VerificationRule.Block;
}
