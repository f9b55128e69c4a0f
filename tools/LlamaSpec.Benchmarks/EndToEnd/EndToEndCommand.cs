using System.CommandLine;
using System.CommandLine.Help;
using LlamaSpec.Benchmarks.EndToEnd.Measuring;
using LlamaSpec.Benchmarks.EndToEnd.Results;

namespace LlamaSpec.Benchmarks.EndToEnd;

/// <summary>end-to-end: the tables on stdout, progress on stderr.</summary>
internal sealed class EndToEndCommand : Command
{
    private readonly EndToEndArguments _arguments;

    public EndToEndCommand()
        : base("end-to-end", "Speculation with the fast rows against plain decoding and against llama-server, in one run.")
    {
        _arguments = new EndToEndArguments(this);
        Add(new HelpOption { Action = new EndToEndHelp() });
        SetAction(RunAsync);
    }

    private Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var progress = new RunProgress(error, isTerminal: error == Console.Error && !Console.IsErrorRedirected);
        return CommandErrors.CatchAsync(error, MeasureAsync, progress.Clear);

        async Task<int> MeasureAsync()
        {
            var options = _arguments.Read(result);
            options.Validate();
            if (options.OutputFolder is { } folder)
            {
                // Now, not after an hour of measuring.
                Directory.CreateDirectory(folder);
            }

            var document = await EndToEndScenario.RunAsync(options, progress, cancellationToken);
            await ReportAsync(options, document, output, progress);
            return document.Interruption is null ? 0 : cancellationToken.IsCancellationRequested ? CommandErrors.Cancelled : 1;
        }
    }

    private static async Task ReportAsync(EndToEndOptions options, EndToEndDocument document, TextWriter output, RunProgress progress)
    {
        var markdown = MarkdownReport.Write(document);
        await output.WriteAsync(markdown);
        await output.FlushAsync(CancellationToken.None);
        if (document.Interruption is { } reason)
        {
            progress.Note($"incomplete: {reason}");
        }

        if (options.OutputFolder is { } folder)
        {
            progress.Note($"written to {ResultFiles.Write(folder, document, markdown)}");
        }
    }
}
