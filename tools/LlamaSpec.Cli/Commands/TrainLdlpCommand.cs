using System.CommandLine;
using System.Globalization;
using LlamaSpec.Cli.Demo;
using LlamaSpec.Files;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Cli.Training;
using LlamaSpec.Native;
using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;

namespace LlamaSpec.Cli.Commands;

/// <summary>train-ldlp: makes the draft-length predictor of a pair.</summary>
internal sealed class TrainLdlpCommand : CliCommand
{
    // The default longest draft of an engine. Texts that repeat themselves are accepted for ever, and would drown the rest in a
    // longer label.
    private const int LongestLength = 8;
    private const int MostTokens = 4096;
    private static readonly LdlpTrainingOptions Defaults = new();

    private readonly Terminal _terminal;
    private readonly ModelOptions _models;
    private readonly Option<string?> _prompts = new("--prompts")
    {
        Description = "Other questions: a file with one a line, plain text or JSON with a \"turns\" array. Best: those that you will ask.",
        HelpName = "FILE",
    };
    private readonly Option<int> _limit = NumberOption.Create("--limit", [], 2, int.MaxValue, int.MaxValue, "Use the first N questions.");
    private readonly Option<int> _maximumTokens = NumberOption.Create(
        "--predict", ["-n"], 2 * LongestLength, MostTokens, 128, "Most tokens of an answer.");
    private readonly Option<float> _temperature = NumberOption.Create(
        "--temperature", ["--temp"], 0f, 100f, 0f, "Temperature of the answers; train one for the temperature that you use.");
    private readonly Option<int> _epochs = NumberOption.Create("--epochs", [], 1, 1000, Defaults.Epochs, "Most passes over the samples.");
    private readonly Option<int> _width = NumberOption.Create(
        "--width", [], 0, LdlpWeights.WidestLayer, 0, "Width of the network; 0 = the target's, at most 512. Narrower is faster.");
    private readonly Option<int> _seed = NumberOption.Create("--seed", ["-s"], 0, int.MaxValue, 1, "Seed: the same one gives the same file.");
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Where to write. Default: beside the draft, where it is found by itself.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document instead of text." };

    public TrainLdlpCommand(Terminal terminal)
        : base("train-ldlp", "Trains the draft-length predictor of a pair: a small network that tells how much of a draft will be accepted.")
    {
        _terminal = terminal;
        foreach (var option in (Option[])[_prompts, _limit, _maximumTokens, _temperature, _epochs, _width, _seed, _output, _json])
        {
            Add(option);
        }

        _models = new ModelOptions(this, choosesPolicy: false);
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("train-ldlp -m model.gguf -d draft.gguf", "Train on built-in questions; writes draft.ldlp beside the draft"),
        new("train-ldlp -m model.gguf -d draft.gguf --prompts mine.txt -n 256", "Train on your own questions, which is better"),
        new("train-ldlp -o try.ldlp --limit 8", "A quick try with the embedded pair"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        var pair = _models.Read(result);
        if (pair.DraftPath is null)
        {
            throw new UsageException("A draft-length predictor is made for a pair: name the draft with --draft.");
        }

        var document = await Task.Run(() => Train(result, pair, stop.Token), stop.Token);
        _terminal.Output.WriteLine(result.GetValue(_json)
            ? CliJson.Write(document, CliJson.Readable.TrainingDocument)
            : TrainingReport.Write(document));
        return ExitCode.Success;
    }

    private TrainingDocument Train(ParseResult result, ModelPairOptions pair, CancellationToken cancellationToken)
    {
        var output = result.GetValue(_output) ?? LdlpFile.PathFor(pair.DraftPath!);
        string[] prompts = [.. (result.GetValue(_prompts) is { } file ? PromptFile.Read(file) : TrainingPrompts.All).Take(result.GetValue(_limit))];
        using var status = new StatusLine(_terminal);
        status.Show("loading the models");
        using var recorder = new LdlpRecorder(pair, new SamplingOptions { Temperature = result.GetValue(_temperature) }, cancellationToken);

        // Before the work, whose result could not be saved otherwise.
        CreateFile(output).Dispose();
        var seed = (ulong)result.GetValue(_seed);
        var samples = Record(recorder, prompts, result.GetValue(_maximumTokens), seed, status, cancellationToken);
        var options = new LdlpTrainingOptions { Epochs = result.GetValue(_epochs), Width = result.GetValue(_width), Seed = seed };
        var weights = LdlpTrainer.Train(samples, recorder.Origin, options, new EpochStatus(status), cancellationToken);
        using var written = CreateFile(output);
        weights.Save(written.Content);
        written.Commit();
        var target = pair.TargetPath ?? EmbeddedPair.TargetPath;
        return TrainingDocument.From(weights, target, recorder.DraftPath, output, new FileInfo(output).Length, prompts.Length);
    }

    private static LdlpSampleSet Record(
        LdlpRecorder recorder, string[] prompts, int maximumTokens, ulong seed, StatusLine status, CancellationToken cancellationToken)
    {
        var samples = new LdlpSampleSet(recorder.HiddenSize, LongestLength);
        for (var i = 0; i < prompts.Length && !samples.IsFull; i++)
        {
            status.Show($"recording: answer {i + 1} of {prompts.Length}, {samples.Count} samples");
            recorder.Record(prompts[i], i, maximumTokens, seed, samples, cancellationToken);
        }

        return samples;
    }

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

    private sealed class EpochStatus(StatusLine status) : IProgress<LdlpProgress>
    {
        public void Report(LdlpProgress value) => status.Show(string.Create(
            CultureInfo.InvariantCulture, $"training: pass {value.Epoch} of {value.EpochCount}, held-out error {value.HeldOutError:0.000} tokens"));
    }
}
