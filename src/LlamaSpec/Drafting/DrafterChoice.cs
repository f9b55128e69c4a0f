namespace LlamaSpec.Drafting;

/// <summary>Names who may draft for a request.</summary>
public sealed record DrafterChoice
{
    /// <summary>What the draft model is called.</summary>
    public const string ModelName = "model";

    private readonly string? _modelFree;

    private DrafterChoice(string name, bool allowsModel, string? modelFree)
    {
        Name = name;
        AllowsModel = allowsModel;
        _modelFree = modelFree;
    }

    /// <summary>Whoever is expected to bring most for its cost, round by round: the default.</summary>
    public static DrafterChoice Auto { get; } = new("auto", allowsModel: true, "*");

    /// <summary>The draft model alone.</summary>
    public static DrafterChoice Model { get; } = new(ModelName, allowsModel: true, null);

    /// <summary>Nobody: plain decoding. An engine of this choice makes no drafter at all.</summary>
    public static DrafterChoice None { get; } = new("none", allowsModel: false, null);

    /// <summary>Every choice, by name.</summary>
    public static IReadOnlyList<DrafterChoice> All { get; } =
    [
        Auto, Model,
        new("suffix", allowsModel: false, "suffix"),
        new("ngram", allowsModel: false, "ngram"),
        new("trigram", allowsModel: false, "trigram"),
        new("free", allowsModel: false, "*"),
        None,
    ];

    /// <summary>What the choices are called, for help and messages.</summary>
    public static string Syntax =>
        "auto (whoever pays most, round by round), model (the draft model), suffix (the longest earlier match), ngram (the last few tokens, where seen before), "
        + "trigram (ADED's table and tree search), free (whoever pays most of those that need no model), none (plain decoding)";

    /// <summary>The name as it is parsed.</summary>
    public string Name { get; }

    /// <summary>Whether the draft model may draft.</summary>
    public bool AllowsModel { get; }

    /// <summary>Whether a drafter without a model may draft.</summary>
    /// <param name="name">Its name.</param>
    public bool AllowsModelFree(string name) => _modelFree == "*" || _modelFree == name;

    /// <summary>Whether its drafts may have branches.</summary>
    public bool MayBranch => Name is not ("none" or "suffix" or "ngram");

    /// <summary>Reads a choice's name.</summary>
    /// <exception cref="FormatException">The name is not one of <see cref="Syntax"/>.</exception>
    public static DrafterChoice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = text.Trim().ToLowerInvariant();
        return All.FirstOrDefault(choice => choice.Name == name)
            ?? throw new FormatException($"\"{text}\" is not a drafter. Use one of: {Syntax}.");
    }

    /// <inheritdoc />
    public bool Equals(DrafterChoice? other) => other is not null && Name == other.Name;

    /// <inheritdoc />
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => Name;
}
