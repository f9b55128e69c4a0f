using System.CommandLine;
using LlamaSpec.Cli.Bench;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Measuring;
using LlamaSpec.Measuring.Reports;
using LlamaSpec.Measuring.Results;
using LlamaSpec.Measuring.Runs;

namespace LlamaSpec.Cli.Commands;

/// <summary>bench: policies and drafters against plain decoding, and against llama-server, by the protocol of the published tables.</summary>
internal sealed class BenchCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly BenchArguments _arguments;
    private readonly Option<bool> _json = new("--json") { Description = "Write one JSON document and nothing else." };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Folder for the results as .md, .json and .html.", HelpName = "DIR" };

    public BenchCommand(Terminal terminal)
        : base(
            "bench",
            "Measures policies against plain decoding, and on request against llama-server. Every question is answered by all systems before "
            + "the next one, in rotating order, so that a machine that changes its pace changes it for all: trust the ratios, not the tokens "
            + "per second. Keep the machine free of other work, and use some dozen questions of each category.")
    {
        _terminal = terminal;
        Add(_json);
        Add(_output);
        _arguments = new BenchArguments(this);
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("bench --temperatures 0 --max-tokens 64", "The embedded pair with the built-in questions, in short"),
        new("bench -m target.gguf -d draft.gguf --prompts questions.jsonl --repeats 3 --output results", "Your own pair, to be published: tables, JSON and a page with charts"),
        new("bench --prompts questions.jsonl --limit-per-category 4 --widen q8_0", "A target that exceeds the processor's cache"),
        new("bench --prompts questions.jsonl --against llama-server --server-draft full-draft.gguf", "Against llama-server too, with its draft"),
        new("bench --prompts questions.jsonl --category summarization,rag --against llama-server", "Against all n-gram kinds of llama-server, where the text repeats itself"),
        new("bench --no-draft --policies auto,fixed:4@suffix,fixed:4@ngram", "Drafters that need no model, beside each other"),
        new("bench --json > result.json", "For a script"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        var options = _arguments.Read(result);
        var folder = result.GetValue(_output);
        if (folder is not null)
        {
            ResultFiles.Prepare(folder);
        }

        var progress = new RunProgress(_terminal.Error, _terminal.IsErrorTerminal);
        BenchDocument document;
        try
        {
            document = await BenchScenario.RunAsync(options, progress, stop.Token);
        }
        catch
        {
            progress.Clear();
            throw;
        }

        _terminal.Output.Write(result.GetValue(_json) ? BenchJson.Write(document) : MarkdownReport.Write(document));
        _terminal.Output.Flush();
        if (folder is not null)
        {
            progress.Note($"written to {ResultFiles.Write(folder, document)}, and as .json and .html");
        }

        if (document.Interruption is not { } reason)
        {
            return ExitCode.Success;
        }

        _terminal.WriteError($"incomplete: {ErrorReport.OneLine(reason)}");
        return stop.IsCancellationRequested ? ExitCode.Cancelled : ExitCode.Failure;
    }
}
