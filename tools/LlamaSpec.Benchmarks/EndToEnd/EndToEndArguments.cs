using System.CommandLine;
using System.Globalization;
using LlamaSpec.Benchmarks.WideModels;
using LlamaSpec.Native;
using LlamaSpec.Policies;

namespace LlamaSpec.Benchmarks.EndToEnd;

/// <summary>The options of end-to-end on the command line.</summary>
internal sealed class EndToEndArguments
{
    private static readonly EndToEndOptions Defaults = new() { PromptsPath = string.Empty };

    private readonly Option<string> _prompts = new("--prompts")
    {
        Description = "Questions; only the first turn of each is asked.",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<string?> _model = Path("--model", "The target's GGUF file. Default: the embedded one.", "-m");
    private readonly Option<string?> _draft = Path("--draft", "The draft's GGUF file. Default: the embedded one.", "-d");
    private readonly Option<string?> _widen = new("--widen") { Description = "Measure a widened copy of the target, with matrices of this type." };
    private readonly Option<string> _policies = List("--policies", Defaults.Policies, $"Policies: {PolicyChoice.Syntax}.");
    private readonly Option<bool> _noStockPolicies = new("--no-stock-policies") { Description = "Measure the policies with the fast rows only." };
    private readonly Option<string> _temperatures = List("--temperatures", Defaults.Temperatures, "Temperatures.");
    private readonly Option<int> _limit = Number("--limit-per-category", Defaults.LimitPerCategory, "Questions of each category.");
    private readonly Option<int> _maximumTokens = Number("--max-tokens", Defaults.MaximumTokens, "Most tokens of an answer.");
    private readonly Option<int> _repeats = Number("--repeats", Defaults.Repeats, "How often everything is measured.");
    private readonly Option<int> _threads = Number("--threads", Defaults.TargetThreadCount, "Threads for the target.", "-t");
    private readonly Option<int?> _draftThreads = new("--threads-draft")
    {
        Description = "Threads for the draft. Default: 1 for a tiny draft.",
        HelpName = "N",
    };
    private readonly Option<int> _contextLength = Number("--ctx-size", Defaults.ContextLength, "Tokens of a question and its answer.", "-c");
    private readonly Option<string?> _server = Path("--llama-server", "A llama-server executable of llama.cpp v0.5.0, to compare with.");
    private readonly Option<string?> _serverDraft = Path(
        "--server-draft", "Its draft, with the target's whole vocabulary: it cannot read a trimmed one. Without it, it only decodes plainly.");
    private readonly Option<string> _serverLengths = List("--server-lengths", Defaults.ServerLengths, "Lengths of its drafts.");
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Folder for the results as .md and .json.", HelpName = "DIR" };

    /// <summary>Adds the options to a command.</summary>
    public EndToEndArguments(Command command)
    {
        _widen.AcceptOnlyFromAmong(WidenOptions.TypeNames);
        foreach (var option in (Option[])[
            _prompts, _model, _draft, _widen, _policies, _noStockPolicies, _temperatures, _limit, _maximumTokens, _repeats,
            _threads, _draftThreads, _contextLength, _server, _serverDraft, _serverLengths, _output])
        {
            command.Add(option);
        }
    }

    /// <summary>What the user asked for.</summary>
    /// <exception cref="FormatException">A list has an entry that cannot be read; the message names it.</exception>
    public EndToEndOptions Read(ParseResult result) => new()
    {
        TargetPath = result.GetValue(_model),
        DraftPath = result.GetValue(_draft),
        PromptsPath = result.GetRequiredValue(_prompts),
        LimitPerCategory = result.GetValue(_limit),
        MaximumTokens = result.GetValue(_maximumTokens),
        Temperatures = Numbers<float>(result, _temperatures),
        Policies = [.. Entries(result, _policies).Select(PolicyChoice.Parse).Distinct()],
        MeasuresStockPolicies = !result.GetValue(_noStockPolicies),
        TargetThreadCount = result.GetValue(_threads),
        DraftThreadCount = result.GetValue(_draftThreads),
        ContextLength = result.GetValue(_contextLength),
        Repeats = result.GetValue(_repeats),
        WidenedType = result.GetValue(_widen) is { } type ? WidenOptions.ParseType(type) : null,
        ServerPath = result.GetValue(_server),
        ServerDraftPath = result.GetValue(_serverDraft),
        ServerLengths = Numbers<int>(result, _serverLengths),
        OutputFolder = result.GetValue(_output),
    };

    private static Option<string?> Path(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = "FILE" };

    private static Option<int> Number(string name, int defaultValue, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = "N", DefaultValueFactory = _ => defaultValue };

    private static Option<string> List<T>(string name, IReadOnlyList<T> defaults, string description) => new(name)
    {
        Description = description,
        HelpName = "LIST",
        DefaultValueFactory = _ => string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', defaults)}"),
    };

    private static T[] Numbers<T>(ParseResult result, Option<string> option)
        where T : IParsable<T> =>
    [
        .. Entries(result, option).Select(text => T.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{option.Name} has \"{text}\", which is no such number.")).Distinct(),
    ];

    private static string[] Entries(ParseResult result, Option<string> option) =>
        result.GetRequiredValue(option).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
