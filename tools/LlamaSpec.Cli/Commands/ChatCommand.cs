using System.CommandLine;
using LlamaSpec.Cli.Chat;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Engine;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Commands;

/// <summary>chat: a conversation at the terminal, or a script of one through a pipe.</summary>
internal sealed class ChatCommand : CliCommand
{
    private readonly Terminal _terminal;
    private readonly GenerationOptions _generation;
    private readonly ModelOptions _models;
    private readonly Option<string?> _system = new("--system", "-sys")
    {
        Description = "An instruction that precedes the conversation.",
        HelpName = "TEXT",
    };

    public ChatCommand(Terminal terminal)
        : base("chat", "Talks with a model. Ctrl-C stops an answer, /help lists the commands. In a pipe: one message a line, answers on stdout.")
    {
        _terminal = terminal;
        Add(_system);
        _generation = new GenerationOptions(this);
        _models = new ModelOptions(this, choosesPolicy: true);
    }

    public override IReadOnlyList<CommandExample> Examples { get; } =
    [
        new("chat", "Talk with the embedded demonstration model"),
        new("chat -m model.gguf -d draft.gguf --system \"Answer in one sentence.\"", "Your own pair, with an instruction"),
        new("chat --temp 0 < questions.txt > answers.txt", "A conversation from a script, one message a line"),
    ];

    protected override async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var options = _models.Read(result);
        var sampling = _generation.Sampling(result);
        await using var engine = await LoadAsync(options, cancellationToken);
        sampling.Validate(engine.Tokenizer.VocabularySize);
        var settings = new ChatSettings
        {
            Sampling = sampling,
            Policy = options.Engine.Policy,
            MaximumTokens = _generation.MaximumTokens(result),
            StopTexts = _generation.StopTexts(result),
        };
        if (_terminal.IsInputTerminal)
        {
            WriteBanner(options);
        }

        return await new ChatSession(engine, _terminal, settings, result.GetValue(_system)).RunAsync(cancellationToken);
    }

    private async Task<SpeculativeEngine> LoadAsync(ModelPairOptions options, CancellationToken cancellationToken)
    {
        using var stop = _terminal.Interrupts.Link(cancellationToken);
        return await EngineLoader.LoadAsync(_terminal, options, stop.Token);
    }

    private void WriteBanner(ModelPairOptions options)
    {
        _terminal.WriteNote(options.TargetPath is null
            ? "The embedded demonstration model: fluent, repetitive at temperature 0, not knowledgeable."
            : $"{Path.GetFileName(options.TargetPath)}");
        _terminal.WriteNote("/help lists the commands, Ctrl-C stops an answer, Ctrl-D leaves.");
    }
}
