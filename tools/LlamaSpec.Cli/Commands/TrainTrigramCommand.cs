using System.CommandLine;
using System.Globalization;
using LlamaSpec.Cli.Demo;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Cli.Training;
using LlamaSpec.Drafting.ModelFree;
using LlamaSpec.Engine;
using LlamaSpec.Native;
using LlamaSpec.Files;

namespace LlamaSpec.Cli.Commands;

/// <summary>train-trigram: counts which tokens follow which, for drafting without a model.</summary>
internal sealed class TrainTrigramCommand : CliCommand
{
    private const int MostTokens = 4096;
    private static readonly TrigramTrainingOptions Defaults = new();
    private static readonly SpeculativeEngineOptions EngineDefaults = new();

    private readonly Terminal _terminal;
    private readonly Option<string?> _target = new("--target", "--model", "-m")
    {
        Description = "The target's GGUF file, whose tokens are counted. Default: the embedded demonstration model.",
        HelpName = "FILE",
    };
    private readonly Option<string[]> _texts = new("--text")
    {
        Description = "Plain-text files in UTF-8 to count. Best: texts of the kind that the target will write.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _prompts = new("--prompts")
    {
        Description = "Questions that the target answers, to count its own words: one a line, plain text or JSON with a \"turns\" array. "
            + "Without this and --text: built-in questions.",
        HelpName = "FILE",
    };
    private readonly Option<int> _limit = NumberOption.Create("--limit", [], 2, int.MaxValue, int.MaxValue, "Use the first N questions.");
    private readonly Option<int> _maximumTokens = NumberOption.Create("--tokens", ["--predict", "-n"], 8, MostTokens, 128, "Most tokens of an answer.");
    private readonly Option<float> _temperature = NumberOption.Create("--temperature", ["--temp"], 0f, 100f, 0f, "Temperature of the answers.");
    private readonly Option<int> _seed = NumberOption.Create("--seed", ["-s"], 0, int.MaxValue, 1, "Seed of the answers: the same one gives the same file.");
    private readonly Option<int> _maximumKeys = NumberOption.Create(
        "--max-keys", [], 1, TrigramTable.MostKeys, Defaults.MaximumKeys, "Most pairs of tokens in the table: the most frequent.");
    private readonly Option<int> _minimumCount = NumberOption.Create(
        "--min-count", [], 1, 1_000_000, Defaults.MinimumCount, "Leave out what was seen less often. 2 halves the table of a large text.");
    private readonly Option<int> _contextLength = NumberOption.Create(
        "--ctx-size", ["-c"], 2, 1 << 20, EngineDefaults.ContextLength, "Tokens of question and answer together.");
    private readonly Option<int?> _threads = NumberOption.CreateOptional("--threads", ["-t"], 1, 512, "Threads for the target. Default: all processors, at most 8.");
    private readonly Option<int> _gpuLayers = NumberOption.Create(
        "--gpu-layers", ["-ngl"], -1, 9999, -1, "Layers to place on a GPU, where there is one: -1 = all, 0 = none.");
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Where to write. Default: beside the target, where it is found by itself.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document instead of text." };

    public TrainTrigramCommand(Terminal terminal)
        : base("train-trigram", "Counts which tokens follow which two, in texts or in the target's own answers: a table for drafting without a model.")
    {
        _terminal = terminal;
        foreach (var option in (Option[])[
            _target, _texts, _prompts, _limit, _maximumTokens, _temperature, _seed, _maximumKeys, _minimumCount, _contextLength, _threads,
            _gpuLayers, _output, _json])
        {
            Add(option);
        }
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("train-trigram -m model.gguf --prompts mine.jsonl --tokens 256", "Count the target's answers to your questions; writes model.trigram"),
        new("train-trigram -m model.gguf --text manual.txt notes.txt", "Count texts, which takes seconds"),
        new("train-trigram --text book.txt --min-count 2 -o book.trigram", "Only what was seen twice, for the embedded model"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        var document = await Task.Run(() => Train(result, stop.Token), stop.Token);
        _terminal.Output.WriteLine(result.GetValue(_json)
            ? CliJson.Write(document, CliJson.Readable.TrigramDocument)
            : TrigramReport.Write(document));
        return ExitCode.Success;
    }

    private TrigramDocument Train(ParseResult result, CancellationToken cancellationToken)
    {
        var options = ReadModel(result);
        var targetPath = options.TargetPath ?? EmbeddedPair.TargetPath;
        var output = result.GetValue(_output) ?? TrigramFile.PathFor(targetPath);
        var corpus = new TextCorpus(result.GetRequiredValue(_texts));
        var questions = ReadQuestions(result);
        using var status = new StatusLine(_terminal);
        status.Show("loading the model");
        using var target = LlamaModel.Load(targetPath, new LlamaModelOptions { GpuLayerCount = options.GpuLayerCount }, null, cancellationToken);
        var training = new TrigramTraining(
            target.Tokenizer, new TrigramTrainingOptions { MaximumKeys = result.GetValue(_maximumKeys), MinimumCount = result.GetValue(_minimumCount) });

        // Before the work, whose result could not be saved otherwise.
        CreateFile(output).Dispose();
        ReadTexts(corpus, target.Tokenizer, training, status, cancellationToken);
        var answers = questions.Length > 0 ? RecordAnswers(result, questions, target, options, training, status, cancellationToken) : 0;
        status.Show("measuring");
        var table = training.Build();
        using var written = CreateFile(output);
        table.Save(written.Content);
        var (with, without) = (training.Measure(table), training.Measure(null));
        cancellationToken.ThrowIfCancellationRequested();
        written.Commit();
        return new TrigramDocument
        {
            Target = Path.GetFileName(targetPath),
            Output = output,
            OutputBytes = new FileInfo(output).Length,
            Files = result.GetRequiredValue(_texts).Length,
            Answers = answers,
            Temperature = result.GetValue(_temperature),
            Tokens = training.TokenCount,
            HeldOutTokens = training.HeldOutTokens,
            Keys = table.KeyCount,
            Continuations = table.ContinuationCount,
            Forgotten = training.ForgottenCount,
            MemoryBytes = table.MemoryBytes,
            FirstShare = with.FirstShare,
            ListedShare = with.ListedShare,
            FirstShareWithoutTable = without.FirstShare,
            ListedShareWithoutTable = without.ListedShare,
        };
    }

    private static void ReadTexts(TextCorpus corpus, LlamaTokenizer tokenizer, TrigramTraining training, StatusLine status, CancellationToken cancellationToken)
    {
        foreach (var (text, progress) in corpus.Passages())
        {
            cancellationToken.ThrowIfCancellationRequested();
            training.Add(tokenizer.Encode(text, addSpecial: false, parseSpecial: false));
            status.Show(string.Create(CultureInfo.InvariantCulture, $"reading: {100 * progress:0} % of {corpus.TotalBytes / 1048576.0:0.0} MiB, {training.TokenCount} tokens"));
        }
    }

    private int RecordAnswers(
        ParseResult result, string[] questions, LlamaModel target, ModelPairOptions options, TrigramTraining training, StatusLine status,
        CancellationToken cancellationToken)
    {
        using var source = new AnswerSource(target, options, result.GetValue(_temperature));
        var seed = (ulong)result.GetValue(_seed);
        var answers = 0;
        for (var i = 0; i < questions.Length; i++)
        {
            status.Show($"answering: {i + 1} of {questions.Length}, {training.TokenCount} tokens");
            var answer = source.Answer(questions[i], result.GetValue(_maximumTokens), seed + (ulong)i, cancellationToken);
            if (answer.Length > 0)
            {
                training.Add(answer);
                answers++;
            }
        }

        return answers;
    }

    private string[] ReadQuestions(ParseResult result) =>
        [.. (result.GetValue(_prompts) is { } file ? PromptFile.Read(file)
            : result.GetRequiredValue(_texts).Length > 0 ? []
            : TrainingPrompts.All).Take(result.GetValue(_limit))];

    private ModelPairOptions ReadModel(ParseResult result) => new()
    {
        TargetPath = result.GetValue(_target),
        UseDraft = false,
        TargetThreadCount = result.GetValue(_threads),
        GpuLayerCount = result.GetValue(_gpuLayers),
        Engine = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = result.GetValue(_contextLength) },
    };

    private static AtomicFile CreateFile(string path)
    {
        try
        {
            return AtomicFile.Create(path);
        }
        catch (IOException error)
        {
            throw new IOException($"{error.Message} --output names another file.", error);
        }
    }
}
