using System.Globalization;
using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Policies;

/// <summary>Names a draft-length policy, and makes one for a request.</summary>
public sealed record PolicyChoice
{
    private readonly Func<PolicyContext, IDraftLengthPolicy> _create;
    private readonly int _fixedLength;

    private PolicyChoice(string name, Func<PolicyContext, IDraftLengthPolicy> create, int fixedLength = 0)
    {
        Name = name;
        _create = create;
        _fixedLength = fixedLength;
    }

    /// <summary>Drafts while it pays, by measured costs and learned acceptance: the default.</summary>
    public static PolicyChoice Auto { get; } = new("auto", static context => new AutoPolicy(context));

    /// <summary>
    /// As <see cref="Auto"/>, but by the calibrated costs and the request's own text alone: on one machine, the same seed gives the
    /// same text again. What requests with a seed get that name no policy, where auto is the default.
    /// </summary>
    public static PolicyChoice AutoReplay { get; } =
        new("auto:replay", static context => new AutoPolicy(context with { Adaptive = context.Adaptive.Fresh() }, ignoresClock: true));

    /// <summary>Plain decoding: the draft is never run.</summary>
    public static PolicyChoice Off { get; } = new("off", static _ => new FixedLengthPolicy(0));

    /// <summary>AdaEDL with its default threshold.</summary>
    public static PolicyChoice AdaEdl { get; } = AdaEdlFrom(AdaEdlPolicy.DefaultThreshold);

    /// <summary>The policies without parameters, by name.</summary>
    public static IReadOnlyList<PolicyChoice> Named { get; } =
    [
        Auto, AutoReplay, AdaEdl,
        new("tree", static _ => new TreePolicy()),
        new("ldlp", static context => new LdlpPolicy(context.LengthPredictor)),
        new("ldlp+threshold", static context => new LdlpPolicy(context.LengthPredictor, usesThreshold: true)),
        new("svip", static _ => new SvipPolicy()),
        new("confidence", static _ => new ConfidencePolicy()),
        new("product", static _ => new ProductPolicy()),
        new("heuristic", static _ => new HeuristicPolicy()),
        new("hillclimb", static _ => new HillClimbPolicy()),
        new("expected-throughput", static context => new ExpectedThroughputPolicy(context.MaximumDraftLength)),
        Off,
    ];

    /// <summary>What the policies are called, for help and messages.</summary>
    public static string Syntax =>
        "auto (drafts while it pays), auto:replay (the same without the clock, so that a seed replays), fixed:N (N tokens each round), off (plain decoding), tree or tree:WIDTH or tree:WIDTHxDEPTH or tree:WIDTHxDEPTHxNODES (a token tree of that shape, by the draft's own probabilities), adaedl or adaedl:THRESHOLD (entropy stop), "
        + "ldlp, ldlp+threshold (a trained prediction, which may be exceeded while the draft is probable), svip, confidence, product (stops on entropy, on the last token's probability, on their product), "
        + "heuristic, hillclimb, expected-throughput (lengths that follow the results)";

    /// <summary>The name as it is parsed, for example "fixed:4".</summary>
    public string Name { get; }

    /// <summary>The same number of tokens each round.</summary>
    /// <param name="length">1 to 64.</param>
    public static PolicyChoice Fixed(int length)
    {
        Check.Range(length, 1, 64, nameof(length));
        return new PolicyChoice($"fixed:{length}", _ => new FixedLengthPolicy(length), length);
    }

    /// <summary>Trees of a shape: what the draft model believes in, without regard to what it costs.</summary>
    /// <param name="width">Most children of a node, 2 to 8.</param>
    /// <param name="depth">Most tokens on a path, 1 to 64.</param>
    /// <param name="nodeCount">Most tokens in all, <paramref name="depth"/> to 64. null = width times depth, at most 64.</param>
    public static PolicyChoice Tree(int width, int depth, int? nodeCount = null)
    {
        Check.Range(width, 2, TreePolicy.Widest, nameof(width));
        Check.Range(depth, 1, 64, nameof(depth));
        var nodes = nodeCount ?? TreePolicy.DefaultNodeCount(width, depth);
        Check.Range(nodes, depth, 64, nameof(nodeCount));
        var suffix = nodes == TreePolicy.DefaultNodeCount(width, depth) ? "" : $"x{nodes}";
        return new PolicyChoice($"tree:{width}x{depth}{suffix}", _ => new TreePolicy(width, depth, nodes), depth);
    }

    /// <summary>A policy of one's own.</summary>
    /// <param name="name">What statistics and messages call it.</param>
    /// <param name="create">Makes a fresh one for each request. What it throws ends that request alone.</param>
    public static PolicyChoice Custom(string name, Func<PolicyContext, IDraftLengthPolicy> create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
        return new PolicyChoice(name, create);
    }

    /// <summary>AdaEDL with a threshold of one's own.</summary>
    /// <param name="initialThreshold">0 to 1.</param>
    public static PolicyChoice AdaEdlFrom(double initialThreshold)
    {
        Check.Range(initialThreshold, 0, 1, nameof(initialThreshold));
        var name = initialThreshold == AdaEdlPolicy.DefaultThreshold
            ? "adaedl"
            : string.Create(CultureInfo.InvariantCulture, $"adaedl:{initialThreshold}");
        return new PolicyChoice(name, _ => new AdaEdlPolicy(initialThreshold));
    }

    /// <summary>Reads a policy's name.</summary>
    /// <exception cref="FormatException">The name is not one of <see cref="Syntax"/>.</exception>
    public static PolicyChoice Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = text.Trim().ToLowerInvariant();
        return name.Split(':') switch
        {
            ["adaedl", var threshold] when double.TryParse(threshold, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 => AdaEdlFrom(value),
            ["fixed", var length] when int.TryParse(length, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 64 => Fixed(value),
            ["tree", var shape] when TryParseTree(shape) is { } tree => tree,
            _ => Named.FirstOrDefault(choice => choice.Name == name)
                ?? throw new FormatException($"\"{text}\" is not a policy. Use one of: {Syntax}. N and DEPTH are from 1 to 64, THRESHOLD from 0 to 1, WIDTH from 2 to 8, NODES from DEPTH to 64."),
        };
    }

    /// <summary>A fresh policy for one request.</summary>
    public IDraftLengthPolicy Create(PolicyContext context) => _create(context);

    /// <summary>Throws when the policy asks for longer drafts than an engine makes.</summary>
    internal void ThrowIfLongerThan(int maximumDraftLength)
    {
        if (_fixedLength > maximumDraftLength)
        {
            throw new ArgumentException(
                $"The policy {Name} asks for drafts of {_fixedLength} tokens, but the engine's MaximumDraftLength is {maximumDraftLength}. Raise it, or use {WithLength(Math.Max(1, maximumDraftLength))} or less.");
        }
    }

    /// <inheritdoc />
    public bool Equals(PolicyChoice? other) => other is not null && Name == other.Name;

    /// <inheritdoc />
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => Name;

    private string WithLength(int length) => Name.StartsWith("tree", StringComparison.Ordinal) ? $"a depth of {length}" : $"fixed:{length}";

    // The shape "3", "3x4" or "3x4x10"; null where it is none.
    private static PolicyChoice? TryParseTree(string shape)
    {
        var parts = shape.Split('x');
        Span<int> numbers = [0, TreePolicy.DefaultDepth, 0];
        for (var i = 0; i < parts.Length; i++)
        {
            if (i == numbers.Length || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        var (width, depth) = (numbers[0], numbers[1]);
        var nodes = parts.Length == 3 ? numbers[2] : TreePolicy.DefaultNodeCount(width, depth);
        return width is >= 2 and <= TreePolicy.Widest && depth is >= 1 and <= 64 && nodes >= depth && nodes <= 64 ? Tree(width, depth, nodes) : null;
    }
}
