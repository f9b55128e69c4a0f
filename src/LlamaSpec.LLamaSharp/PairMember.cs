using LLama.Abstractions;
using LLama.Native;

namespace LlamaSpec.LLamaSharp;

/// <summary>One model of a pair with its context.</summary>
/// <param name="Model">The weights.</param>
/// <param name="Runner">Over its context.</param>
/// <param name="Parameters">What the context was made with, as far as that is known.</param>
internal sealed record PairMember(SafeLlamaModelHandle Model, LLamaSharpRunner Runner, IContextParams? Parameters);
