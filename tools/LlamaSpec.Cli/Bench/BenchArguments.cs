using System.CommandLine;
using LlamaSpec.Cli.Comparison;
using LlamaSpec.Cli.Options;
using LlamaSpec.Measuring;
using LlamaSpec.Measuring.Oracle;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Bench;

/// <summary>What is measured, as options of the bench command; <see cref="ModelOptions"/> has those of the models.</summary>
internal sealed class BenchArguments
{
    private const string BuiltIn = "built-in";
    private const string OracleName = "oracle";
    private const string LlamaServer = "llama-server";
    private const int MostTokens = 1 << 20;

    // Shorter answers cannot be timed.
    private const int FewestTokens = 16;

    // Enough for an afternoon; more is a slip of the keyboard.
    private const int MostRepeats = 100;
    private const int MostServerTokens = 64;

    private readonly Option<string?> _prompts = new("--prompts")
    {
        Description = "Questions, one JSON object a line with id, category and turns; the first turn is asked. Default: built-in ones.",
        HelpName = "FILE",
    };
    private readonly Option<int> _limit = NumberOption.Create(
        "--limit-per-category", [], 1, int.MaxValue, int.MaxValue, "Questions of each category.");
    private readonly Option<int> _maximumTokens = NumberOption.Create(
        "--max-tokens", ["-n"], FewestTokens, MostTokens, BenchDefaults.MaximumTokens, "Most tokens of an answer.");

    // null = the oracle, which no engine knows.
    private readonly Option<PolicyChoice?[]> _policies = ListOption.Create(
        "--policies", ["--policy"], BenchDefaults.Policies,
        $"Policies: {PolicyChoice.Syntax}, {OracleName} (the longest accepted draft known in advance, at temperature 0).",
        static (text, result) => text == OracleName ? null : PolicyOption.TryParse(result, text));
    private readonly Option<float[]> _temperatures = ListOption.Numbers("--temperatures", 0f, 100f, BenchDefaults.Temperatures, "Temperatures.");
    private readonly Option<int> _repeats = NumberOption.Create(
        "--repeats", [], 1, MostRepeats, 1, "How often everything is measured: 3 for a result to be published.");
    private readonly Option<bool> _stock = new("--stock") { Description = "Measure plain decoding with llama.cpp's own kernels too." };
    private readonly Option<string?> _widen = new("--widen")
    {
        Description = "Measure a copy of the target that computes the same with larger matrices of this type, as a model of ordinary width has.",
    };
    private readonly Option<string?> _requantize = new("--requantize") { Description = "Measure a copy of the target with its matrices in this type." };
    private readonly Option<string?> _against = new("--against") { Description = "Another program to compare with." };
    private readonly Option<string?> _server = new("--llama-server")
    {
        Description = $"Its executable. Default: that of {LlamaServerSearch.Variable}, in PATH, or built by build.sh llama-server.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _serverDraft = new("--server-draft")
    {
        Description = "Its draft, with the target's whole vocabulary: it cannot read a trimmed one. Without it, it only decodes plainly.",
        HelpName = "FILE",
    };
    private readonly Option<int[]> _serverLengths = ListOption.Numbers(
        "--server-lengths", 1, MostServerTokens, BenchDefaults.ServerLengths, "Lengths of its drafts.");
    private readonly ModelOptions _models;

    /// <summary>Adds the options to a command.</summary>
    public BenchArguments(Command command)
    {
        _widen.AcceptOnlyFromAmong(WidenOptions.TypeNames);
        _requantize.AcceptOnlyFromAmong("q4_0", "f16", "q8_0");
        _against.AcceptOnlyFromAmong(LlamaServer);
        foreach (var option in (Option[])[
            _prompts, _limit, _maximumTokens, _policies, _temperatures, _repeats, _stock, _widen, _requantize,
            _against, _server, _serverDraft, _serverLengths])
        {
            command.Add(option);
        }

        _models = new ModelOptions(command, choosesPolicy: false);
    }

    /// <summary>What the user asked for.</summary>
    /// <exception cref="UsageException">Two options contradict each other, or a draft is missing.</exception>
    /// <exception cref="IOException">The questions, or llama-server, are not there.</exception>
    /// <exception cref="InvalidDataException">The file of questions cannot be used.</exception>
    public BenchOptions Read(ParseResult result)
    {
        var policies = result.GetRequiredValue(_policies);
        PolicyChoice[] choices = [.. policies.OfType<PolicyChoice>()];
        var pair = _models.Read(result);
        if (pair.DraftPath is null)
        {
            throw new UsageException("The policies need a draft: name one with --draft. The embedded draft fits the embedded target alone.");
        }

        var options = new BenchOptions
        {
            Pair = pair with { Engine = pair.Engine with { MaximumDraftLength = _models.ReadDraftMaximum(result, _policies.Name, choices) } },
            Prompts = ReadPrompts(result),
            PromptsName = Path.GetFileName(result.GetValue(_prompts)) ?? BuiltIn,
            MaximumTokens = result.GetValue(_maximumTokens),
            Temperatures = result.GetRequiredValue(_temperatures),
            Policies = choices,
            MeasuresOracle = policies.Contains(null),
            AcceptedRuns = DraftOracle.Create,
            MeasuresStock = result.GetValue(_stock),
            Repeats = result.GetValue(_repeats),
            WidenedType = result.GetValue(_widen) is { } widened ? WidenOptions.ParseType(widened) : null,
            RequantisedType = result.GetValue(_requantize) is { } requantised ? WidenOptions.ParseType(requantised) : null,
            ServerDraftPath = result.GetValue(_serverDraft),
            ServerLengths = result.GetRequiredValue(_serverLengths),
        };
        var comparesServer = result.GetValue(_against) is not null || result.GetValue(_server) is not null;
        options = comparesServer ? options with { ServerPath = LlamaServerSearch.Find(result.GetValue(_server)) } : options;
        options.Validate();
        return options;
    }

    private IReadOnlyList<BenchmarkPrompt> ReadPrompts(ParseResult result)
    {
        var limit = result.GetValue(_limit);
        return result.GetValue(_prompts) is { } path
            ? PromptFile.Read(path, limit)
            : [.. BuiltInPrompts.All.Take(limit).Select(static (question, index) => new BenchmarkPrompt($"{index + 1}", BuiltIn, question))];
    }
}
