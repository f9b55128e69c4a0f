namespace LlamaSpec.Models;

/// <summary>Whether a model can draft for a target. Immutable.</summary>
public sealed class DraftFitness
{
    private DraftFitness(string? whyUnusable, VocabularyComparison? vocabularies)
    {
        WhyUnusable = whyUnusable;
        Vocabularies = vocabularies;
    }

    /// <summary>True when <see cref="WhyUnusable"/> is null.</summary>
    public bool IsUsable => WhyUnusable is null;

    /// <summary>Why the draft cannot be used, in one sentence without its full stop; null when it can.</summary>
    public string? WhyUnusable { get; }

    /// <summary>The vocabularies, compared; null where the models are of no use whatever their vocabularies.</summary>
    public VocabularyComparison? Vocabularies { get; }

    /// <exception cref="ModelFailureException">The draft cannot be used; the message says why, and what to do.</exception>
    internal void ThrowIfUnusable()
    {
        if (!IsUsable)
        {
            throw new ModelFailureException(Vocabularies is { } vocabularies
                ? $"{vocabularies}. Use a draft that was made for this target, or of the same model family."
                : $"{WhyUnusable}.");
        }
    }

    /// <summary>Judges two models. Takes some ten milliseconds for a large vocabulary.</summary>
    /// <exception cref="ObjectDisposedException">A model was disposed.</exception>
    public static DraftFitness Of(ModelTraits target, ModelTraits draft)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(draft);
        if (target.IsRecurrent)
        {
            return new DraftFitness("the target is a recurrent model, whose state cannot be rolled back after a rejected draft", null);
        }

        if (draft.IsRecurrent)
        {
            return new DraftFitness("the draft is a recurrent model, which would decode its whole context again after every rejection", null);
        }

        var vocabularies = VocabularyComparison.Compare(target, draft);
        return new DraftFitness(vocabularies.Reason, vocabularies);
    }
}
