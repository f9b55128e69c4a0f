using System.Globalization;

namespace LlamaSpec.Measuring.Systems;

/// <summary>How a llama-server drafts: not at all, with a draft model, or by looking its own text up.</summary>
internal sealed record LlamaServerSetting
{
    private const string NoneName = "none";
    private const string DraftName = "draft";
    private const string AllNGramsName = "ngram";
    private const string DraftKind = "draft-simple";

    private LlamaServerSetting()
    {
    }

    /// <summary>Plain decoding.</summary>
    public static LlamaServerSetting Plain { get; } = new();

    /// <summary>Every n-gram kind as llama-server sets it, and where it can be set, once more with lengths for small models.</summary>
    public static IReadOnlyList<LlamaServerSetting> AllNGrams { get; } =
        [.. NGramKind.All.SelectMany(static kind => kind.Tuned is { } tuned ? [NGram(kind), NGram(kind, tuned)] : (LlamaServerSetting[])[NGram(kind)])];

    /// <summary>What <see cref="Parse"/> takes, for help and messages.</summary>
    public static string Syntax =>
        $"{NoneName} (plain decoding), {DraftName} (its draft model, in all lengths), {AllNGramsName} (all n-gram kinds, at their defaults and with lengths for small models), "
        + $"{string.Join(", ", NGramKind.All)} (one kind at its defaults), KIND:MATCH/LENGTH (one with your own: tokens to find again and most tokens of a draft, for example {NGram(NGramKind.Simple, NGramKind.Simple.Tuned).Name})";

    /// <summary>Most tokens of a draft model's drafts; 0 when it has none.</summary>
    public int DraftLength { get; private init; }

    /// <summary>How it looks its text up; null when it does not.</summary>
    public NGramKind? Kind { get; private init; }

    /// <summary>null = the defaults of <see cref="Kind"/>.</summary>
    public NGramLengths? Lengths { get; private init; }

    /// <summary>Whether it needs a draft model.</summary>
    public bool NeedsDraft => DraftLength > 0;

    /// <summary>Whether each answer needs a server that was just started, as drafters are to be fresh for each question.</summary>
    public bool NeedsFreshServer => Kind?.KeepsState == true;

    /// <summary>As the tables name it.</summary>
    public SystemLabel Label => this switch
    {
        { Kind: not null } => SystemLabel.NGramServer(Name, Kind.Name),
        { NeedsDraft: true } => SystemLabel.DraftingServer(DraftLength),
        _ => SystemLabel.PlainServer,
    };

    /// <summary>The name of an n-gram setting, as it is parsed.</summary>
    public string Name => Kind is null ? (NeedsDraft ? DraftName : NoneName) : Lengths is { } lengths ? $"{Kind}:{lengths}" : Kind.Name;

    /// <summary>With a draft model and drafts of up to so many tokens.</summary>
    public static LlamaServerSetting Drafting(int draftLength) => new() { DraftLength = draftLength };

    /// <summary>By looking its text up.</summary>
    /// <param name="kind">How.</param>
    /// <param name="lengths">null (default) = those of llama-server.</param>
    public static LlamaServerSetting NGram(NGramKind kind, NGramLengths? lengths = null) => new() { Kind = kind, Lengths = lengths };

    /// <summary>Reads a setting, or a name for several.</summary>
    /// <param name="text">One of <see cref="Syntax"/>.</param>
    /// <param name="draftLengths">What "draft" stands for.</param>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static IReadOnlyList<LlamaServerSetting> Parse(string text, IReadOnlyList<int> draftLengths)
    {
        switch (text)
        {
            case NoneName:
                return [Plain];
            case DraftName:
                return [.. draftLengths.Select(Drafting)];
            case AllNGramsName:
                return AllNGrams;
        }

        var parts = text.Split(':', 2);
        var kind = NGramKind.All.FirstOrDefault(one => one.Name == parts[0])
            ?? throw new FormatException($"\"{text}\" is not a setting of llama-server. Use one of: {Syntax}.");
        if (parts.Length == 1)
        {
            return [NGram(kind)];
        }

        var lengths = NGramLengths.TryParse(parts[1]) ?? throw new FormatException(
            $"\"{text}\" needs two lengths from 1 to {NGramLengths.Longest}, tokens to find again and most tokens of a draft: write {kind}:4/8.");
        return kind.Problem(lengths) is { } problem ? throw new FormatException($"\"{text}\" cannot be measured: {problem}.") : [NGram(kind, lengths)];
    }

    /// <summary>The part of the command line that makes it draft.</summary>
    /// <param name="draftPath">The draft model; without meaning where there is none.</param>
    /// <param name="draftThreadCount">Its threads.</param>
    public IReadOnlyList<string> ToArguments(string? draftPath, int draftThreadCount) => this switch
    {
        { Kind: { } kind } => kind.ToArguments(Lengths),
        { NeedsDraft: true } =>
        [
            "--spec-type", DraftKind, "-md", draftPath!, "--spec-draft-n-max", Text(DraftLength), "--spec-draft-n-min", "0",
            "--spec-draft-p-min", "0", "-td", Text(draftThreadCount), "-tbd", Text(draftThreadCount),
        ],
        _ => [],
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
