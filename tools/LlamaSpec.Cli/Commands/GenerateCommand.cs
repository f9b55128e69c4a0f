using System.CommandLine;
using System.Text;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Engine;
using LlamaSpec.Models;
using LlamaSpec.Files;

namespace LlamaSpec.Cli.Commands;

/// <summary>generate: one prompt in, the text out as it is made.</summary>
internal sealed class GenerateCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly PromptSource _prompt;
    private readonly ModelOptions _models;
    private readonly GenerationOptions _generation;
    private readonly Option<bool> _raw = new("--raw")
    {
        Description = "Continue the prompt as it stands, instead of answering it through the model's chat template.",
    };
    private readonly Option<string?> _system = new("--system", "-sys")
    {
        Description = "An instruction that precedes the prompt.",
        HelpName = "TEXT",
    };
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write one JSON document instead of text: text, tokens, finishReason, stats.",
    };
    private readonly Option<bool> _stats = new("--stats") { Description = "Show the figures on stderr at the end." };
    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "Show on stderr what the policy expected of each round, what came of it, and why it stopped; with --json as \"rounds\".",
    };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Also save the output to a file, whole or not at all.",
        HelpName = "FILE",
    };

    public GenerateCommand(Terminal terminal)
        : base("generate", "Answers one prompt, streaming the text. Uses the model's chat template; --raw continues the prompt as text instead.")
    {
        _terminal = terminal;
        _prompt = new PromptSource(this);
        foreach (var option in (Option[])[_system, _raw, _json, _stats, _explain, _output])
        {
            Add(option);
        }

        _generation = new GenerationOptions(this);
        _models = new ModelOptions(this, choosesPolicy: true);
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("generate \"Write a short poem about rain.\"", "Answer a prompt with the embedded demonstration model"),
        new("generate", "The same with a built-in prompt"),
        new("generate --explain \"Count to twenty.\"", "See, round by round, what drafting was expected to bring and what it brought"),
        new("generate --raw \"Once upon a time\" -n 100 --temp 0", "Continue a text, always with the most likely token"),
        new("generate -m model.gguf -d draft.gguf -f prompt.txt -o answer.txt", "Your own pair, a prompt from a file, the answer saved too"),
        new("generate -p \"List three colours.\" --json --seed 1 | jq .stats", "Figures for a script; the same seed draws the same text again"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        var options = _models.Read(result);
        var request = await ReadRequestAsync(result, stop.Token);
        using var file = result.GetValue(_output) is { } path ? AtomicFile.Create(path) : null;
        await using var engine = await EngineLoader.LoadAsync(_terminal, options, stop.Token);
        var warned = engine.DisabledReason is not null;
        var (text, last) = await StreamAsync(engine, request, showText: !result.GetValue(_json), stop.Token);
        var stats = last.Stats!.Value;
        var output = text;
        if (result.GetValue(_json))
        {
            output = CliJson.Write(GenerationDocument.From(text, last.FinishReason!.Value, stats, last.Rounds), CliJson.Readable.GenerationDocument);
            _terminal.Output.WriteLine(output);
        }

        await _terminal.Output.FlushAsync(CancellationToken.None);
        file?.Write(output.EndsWith('\n') ? output : output + "\n");
        file?.Commit();
        if (!warned && engine.DisabledReason is { } reason)
        {
            _terminal.WriteWarning(ErrorReport.OneLine(reason));
        }

        if (last.Rounds is { } rounds && !result.GetValue(_json))
        {
            ExplainText.Write(_terminal, rounds);
        }

        if (result.GetValue(_stats))
        {
            StatsText.Write(_terminal, stats);
        }

        return ExitCode.Success;
    }

    private async Task<GenerationRequest> ReadRequestAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var system = result.GetValue(_system);
        var raw = result.GetValue(_raw);
        if (raw && system is not null)
        {
            throw new UsageException("--system needs the chat template, which --raw turns off: give one of them.");
        }

        var prompt = await _prompt.ReadAsync(result, _terminal, cancellationToken);
        var messages = system is null ? (ChatMessage[])[ChatMessage.User(prompt)] : [ChatMessage.System(system), ChatMessage.User(prompt)];
        return new GenerationRequest
        {
            Prompt = raw ? prompt : null,
            Messages = raw ? null : messages,
            MaximumTokens = _generation.MaximumTokens(result),
            Sampling = _generation.Sampling(result),
            StopTexts = _generation.StopTexts(result),
            Explain = result.GetValue(_explain),
        };
    }

    private async Task<(string Text, GenerationUpdate Last)> StreamAsync(
        SpeculativeEngine engine, GenerationRequest request, bool showText, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        try
        {
            await foreach (var update in engine.GenerateAsync(request, cancellationToken))
            {
                text.Append(update.Text);
                if (showText && update.Text.Length > 0)
                {
                    _terminal.Output.Write(update.Text);
                    await _terminal.Output.FlushAsync(cancellationToken);
                }

                if (update.FinishReason is not null)
                {
                    return (text.ToString(), update);
                }
            }

            throw new InvalidOperationException("The answer ended without a reason.");
        }
        finally
        {
            if (showText && text.Length > 0 && text[^1] != '\n')
            {
                _terminal.Output.WriteLine();
            }
        }
    }
}
