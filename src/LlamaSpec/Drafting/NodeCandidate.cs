using System.Runtime.InteropServices;

namespace LlamaSpec.Drafting;

/// <summary>A node that might be added to a tree, or one that a pass might go on from.</summary>
/// <param name="Parent">Its parent; where it is in the tree already, the node itself.</param>
/// <param name="Token">Target id; of a child that is still to be drawn -1.</param>
/// <param name="Probability">Draft probability, given the parent.</param>
/// <param name="Value">Product of the step probabilities along its path.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NodeCandidate(int Parent, int Token, double Probability, double Value);
