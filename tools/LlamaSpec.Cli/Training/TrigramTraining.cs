using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Training;

/// <summary>Counts texts into a table, and holds a tenth of them out to measure it on.</summary>
internal sealed class TrigramTraining(LlamaTokenizer tokenizer, TrigramTrainingOptions options)
{
    private const int TextsPerHeldOut = 10;

    // Measuring takes some microseconds a token, and these tell tenths of a percent apart.
    private const int MostHeldOutTokens = 400_000;

    private readonly TrigramTrainer _trainer = new(tokenizer.VocabularySize, options);
    private readonly List<int[]> _heldOut = [];
    private int _texts;

    /// <summary>Tokens read, held-out ones too.</summary>
    public long TokenCount => _trainer.TokenCount + HeldOutTokens;

    public int HeldOutTokens { get; private set; }

    public long ForgottenCount => _trainer.ForgottenCount;

    /// <summary>Takes a text: the second of every ten is held out.</summary>
    public void Add(int[] tokens)
    {
        if (_texts++ % TextsPerHeldOut == 1 && HeldOutTokens < MostHeldOutTokens)
        {
            _heldOut.Add(tokens);
            HeldOutTokens += tokens.Length;
        }
        else
        {
            _trainer.Add(tokens);
        }
    }

    /// <summary>The table of what was read.</summary>
    /// <exception cref="UsageException">There was too little.</exception>
    public TrigramTable Build() => _heldOut.Any(static text => text.Length > 2) && _trainer.TokenCount > 2
        ? _trainer.Build(VocabularyFingerprint.Of(tokenizer))
        : throw new UsageException("Too little to learn from: give a text of some thousand characters with --text, or at least 2 prompts with --prompts.");

    /// <summary>How well a table foretells what was held out; null = the texts' own tri-grams only.</summary>
    public TrigramFigures Measure(TrigramTable? table) => TrigramEvaluation.Measure(table, _heldOut);
}
