using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Fakes;

/// <summary>Engines over Markov chains.</summary>
internal static class TestEngine
{
    public static SpeculativeEngine Create(
        MarkovModelRunner target, MarkovModelRunner? draft, SpeculativeEngineOptions? options = null, CharacterTokenizer? tokenizer = null) =>
        new(Parts(target, draft, tokenizer), options ?? new SpeculativeEngineOptions { ContextLength = 4096 });

    public static EngineParts Parts(MarkovModelRunner target, MarkovModelRunner? draft, CharacterTokenizer? tokenizer = null) => new()
    {
        Target = target,
        Tokenizer = tokenizer ?? new CharacterTokenizer(target.Model.VocabularySize),
        Kernels = new ManagedKernels(),
        Drafter = draft is null ? null : new ModelDrafter(draft, null, new ManagedKernels()),
    };
}
