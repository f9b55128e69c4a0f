using LlamaSpec.Drafting;
using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Tests.Fakes;

/// <summary>Proposes bushy trees that depend on nothing but how much text there is; some of it is right by chance.</summary>
internal sealed class ScriptedTreeDrafter(int vocabularySize, int nodeCount = 9) : IModelFreeDrafter
{
    private int _length;

    public string Name => "suffix";

    /// <summary>Called in place of a proposal; may throw.</summary>
    public Action<TokenTree>? OnPropose { get; set; }

    /// <summary>Called when text comes; may throw.</summary>
    public Action? OnAppend { get; set; }

    /// <summary>Called when a request starts; may throw.</summary>
    public Action? OnBegin { get; set; }

    public void Begin()
    {
        OnBegin?.Invoke();
        _length = 0;
    }

    public void Append(ReadOnlySpan<int> tokens)
    {
        OnAppend?.Invoke();
        _length += tokens.Length;
    }

    public void Propose(ReadOnlySpan<int> pending, TokenTree tree, int parent, int maximumDepth)
    {
        if (OnPropose is not null)
        {
            OnPropose(tree);
            return;
        }

        var random = new Random(_length * 31);
        for (var i = 0; i < nodeCount; i++)
        {
            var above = random.Next(-1, tree.Count);
            var token = random.Next(vocabularySize);
            if ((above < 0 || tree.Depths[above] + 1 < maximumDepth) && tree.Child(above, token) < 0)
            {
                tree.Add(above, token, 0.9f - (0.05f * random.Next(10)), isSampled: false);
            }
        }
    }
}
