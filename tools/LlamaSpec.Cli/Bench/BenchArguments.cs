using System.CommandLine;
using System.CommandLine.Parsing;
using LlamaSpec.Cli.Comparison;
using LlamaSpec.Cli.Options;
using LlamaSpec.Measuring;
using LlamaSpec.Measuring.Oracle;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Native;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Bench;

/// <summary>What is measured, as options of the bench command; <see cref="ModelOptions"/> has those of the models.</summary>
internal sealed class BenchArguments
{
    private const string BuiltIn = "built-in";
    private const string OracleName = "oracle";
    private const int MostTokens = 1 << 20;

    // Shorter answers cannot be timed.
    private const int FewestTokens = 16;

    // Enough for an afternoon; more is a slip of the keyboard.
    private const int MostRepeats = 100;

    private readonly Option<string?> _prompts = new("--prompts")
    {
        Description = "Questions, one JSON object a line with id, category and turns; the first turn is asked. Default: built-in ones.",
        HelpName = "FILE",
    };
    private readonly Option<string[]> _categories = ListOption.CreateOptional(
        "--category", "Categories of the file of questions, for example summarization,rag. Default: all.", static (text, _) => text);
    private readonly Option<int> _limit = NumberOption.Create(
        "--limit-per-category", [], 1, int.MaxValue, int.MaxValue, "Questions of each category.");
    private readonly Option<int> _maximumTokens = NumberOption.Create(
        "--max-tokens", ["-n"], FewestTokens, MostTokens, BenchDefaults.MaximumTokens, "Most tokens of an answer.");

    // null = the oracle, which no engine knows.
    private readonly Option<MeasuredPolicy?[]> _policies = ListOption.Create(
        "--policies", ["--policy"], BenchDefaults.Policies,
        $"Policies: {PolicyChoice.Syntax}, {OracleName} (the longest accepted draft known in advance, at temperature 0). {MeasuredPolicy.Syntax}.",
        static (text, result) => text == OracleName ? null : ParsedOption.TryParse(result, text, MeasuredPolicy.Parse));
    private readonly Option<float[]> _temperatures = ListOption.Numbers("--temperatures", 0f, 100f, BenchDefaults.Temperatures, "Temperatures.");
    private readonly Option<int> _repeats = NumberOption.Create(
        "--repeats", [], 1, MostRepeats, 1, "How often everything is measured: 3 for a result to be published.");
    private readonly Option<bool> _stock = new("--stock") { Description = "Measure plain decoding with llama.cpp's own kernels too." };
    private readonly Option<string?> _widen = new("--widen")
    {
        Description = "Measure a copy of the target that computes the same with larger matrices of this type, as a model of ordinary width has.",
    };
    private readonly Option<string?> _requantize = new("--requantize") { Description = "Measure a copy of the target with its matrices in this type." };
    private readonly Option<bool> _noDraft = new("--no-draft") { Description = "Load no draft: only drafters that need no model can draft." };
    private readonly ServerArguments _server;
    private readonly ModelOptions _models;

    /// <summary>Adds the options to a command.</summary>
    public BenchArguments(Command command)
    {
        _widen.AcceptOnlyFromAmong(WidenOptions.TypeNames);
        _requantize.AcceptOnlyFromAmong("q4_0", "f16", "q8_0");
        foreach (var option in (Option[])[
            _prompts, _categories, _limit, _maximumTokens, _policies, _temperatures, _repeats, _stock, _widen, _requantize, _noDraft])
        {
            command.Add(option);
        }

        _server = new ServerArguments(command);
        _models = new ModelOptions(command, choosesPolicy: false);
    }

    /// <summary>What the user asked for.</summary>
    /// <exception cref="UsageException">Two options contradict each other.</exception>
    /// <exception cref="ArgumentException">The same, or a draft is missing.</exception>
    /// <exception cref="IOException">The questions, or llama-server, are not there.</exception>
    /// <exception cref="InvalidDataException">The file of questions cannot be used.</exception>
    public BenchOptions Read(ParseResult result)
    {
        var policies = result.GetRequiredValue(_policies);
        MeasuredPolicy[] choices = [.. policies.OfType<MeasuredPolicy>()];
        var pair = ReadPair(result, choices);
        var options = new BenchOptions
        {
            Pair = pair,
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
        };
        options = _server.AddTo(options, result);
        options.Validate();
        return options;
    }

    private ModelPairOptions ReadPair(ParseResult result, IReadOnlyList<MeasuredPolicy> policies)
    {
        var pair = _models.Read(result);
        var maximumDraftLength = _models.ReadDraftMaximum(result, _policies.Name, [.. policies.Select(static one => one.Policy)]);
        pair = pair with { Engine = pair.Engine with { MaximumDraftLength = maximumDraftLength } };
        return !result.GetValue(_noDraft) ? pair
            : result.GetValue<string?>("--draft") is null ? pair with { DraftPath = null, UseDraft = false }
            : throw new UsageException("--draft and --no-draft contradict each other: give one of them.");
    }

    private IReadOnlyList<BenchmarkPrompt> ReadPrompts(ParseResult result)
    {
        var limit = result.GetValue(_limit);
        var categories = result.GetValue(_categories) is { Length: > 0 } named ? named : null;
        if (result.GetValue(_prompts) is { } path)
        {
            return PromptFile.Read(path, limit, categories);
        }

        return categories is not null
            ? throw new UsageException($"{_categories.Name} chooses from a file of questions: name one with {_prompts.Name}.")
            : [.. BuiltInPrompts.All.Take(limit).Select(static (question, index) => new BenchmarkPrompt($"{index + 1}", BuiltIn, question))];
    }
}
