using System.Globalization;

namespace LlamaSpec.Measuring.Systems;

/// <summary>
/// A way of llama-server (v0.5.0) to draft without a draft model: it looks the last tokens up in the text so far and proposes what
/// followed them there. Its own defaults look for long repetitions; <see cref="Tuned"/> fits small models, where a draft of some
/// dozen tokens costs more than it saves.
/// </summary>
internal sealed class NGramKind
{
    // Among matches of 2 to 8 and drafts of 4 to 32 tokens the best of all kinds, or near it, over greedy answers about long texts,
    // where a row more of a decode costs 0.15 to 0.4 of one row.
    private static readonly NGramLengths ForSmallModels = new(4, 4);

    private readonly Func<NGramLengths, string[]>? _lengthArguments;

    private NGramKind(string name, bool keepsState, NGramLengths? tuned = null, Func<NGramLengths, string[]>? lengthArguments = null)
    {
        Name = name;
        KeepsState = keepsState;
        Tuned = tuned;
        _lengthArguments = lengthArguments;
    }

    /// <summary>The newest place in the text where the last 12 tokens stood; drafts the 12 to 48 tokens that followed.</summary>
    public static NGramKind Simple { get; } = WithSizes("ngram-simple", keepsState: false, ForSmallModels);

    /// <summary>A hash table from 12 tokens to a place; drafts the 48 that followed, or as many as were accepted there last.</summary>
    public static NGramKind MapK { get; } = WithSizes("ngram-map-k", keepsState: true, ForSmallModels);

    /// <summary>As <see cref="MapK"/>, with up to four continuations of a place: drafts the one that is at least twice as frequent as the others.</summary>
    public static NGramKind MapK4V { get; } = WithSizes("ngram-map-k4v", keepsState: true, ForSmallModels);

    /// <summary>A hash table from 24 tokens to the next one, of all requests; drafts 48 to 64 tokens, or nothing.</summary>
    // Its least draft, 48 by default, would forbid all shorter ones.
    public static NGramKind Mod { get; } = new("ngram-mod", keepsState: true, ForSmallModels, static lengths =>
        ["--spec-ngram-mod-n-match", Text(lengths.Match), "--spec-ngram-mod-n-max", Text(lengths.Draft), "--spec-ngram-mod-n-min", "1"]);

    /// <summary>Counts of what followed the last 1 to 4 tokens; drafts up to 8 tokens, each frequent enough. Nothing of it can be set.</summary>
    public static NGramKind Cache { get; } = new("ngram-cache", keepsState: true);

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<NGramKind> All { get; } = [Simple, MapK, MapK4V, Mod, Cache];

    /// <summary>The name, as --spec-type takes it.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether what a server has read and written counts for its next request, or is in the way there: the hash tables of the
    /// maps and the counts of the cache keep positions of the old text and skip as much of the new one; ngram-mod's table keeps
    /// everything. No request and no erased slot clears them, so only a server that was just started is fresh.
    /// </summary>
    public bool KeepsState { get; }

    /// <summary>Lengths for small models; null where they cannot be set.</summary>
    public NGramLengths? Tuned { get; }

    /// <summary>The command line.</summary>
    /// <param name="lengths">null = llama-server's own. Otherwise <see cref="Tuned"/> must not be null.</param>
    public IReadOnlyList<string> ToArguments(NGramLengths? lengths) =>
        ["--spec-type", Name, .. lengths is { } chosen ? _lengthArguments!(chosen) : []];

    /// <summary>Why lengths make no sense; null when they do.</summary>
    public string? Problem(NGramLengths lengths) => this switch
    {
        { Tuned: null } => $"{Name} takes no lengths",
        // It gives a draft up that is shorter than what it looks for.
        _ when this == Simple && lengths.Draft < lengths.Match => $"{Name} drafts nothing where LENGTH is below MATCH",
        _ => null,
    };

    public override string ToString() => Name;

    private static NGramKind WithSizes(string name, bool keepsState, NGramLengths tuned) => new(name, keepsState, tuned, lengths =>
        [$"--spec-{name}-size-n", Text(lengths.Match), $"--spec-{name}-size-m", Text(lengths.Draft)]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
