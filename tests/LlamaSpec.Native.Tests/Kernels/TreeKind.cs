namespace LlamaSpec.Native.Tests.Kernels;

/// <summary>How the children of a node come about.</summary>
public enum TreeKind
{
    NoDraft,
    Certain,
    Chain,
    Hybrid,
    WithoutReplacement,
    Mixed,
}
