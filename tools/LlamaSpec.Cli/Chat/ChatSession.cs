using System.Text;
using LlamaSpec.Cli.Commands;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Diagnostics;
using LlamaSpec.Engine;
using LlamaSpec.Models;

namespace LlamaSpec.Cli.Chat;

/// <summary>A conversation: reads messages, streams answers, obeys commands.</summary>
internal sealed class ChatSession
{
    private readonly SpeculativeEngine _engine;
    private readonly Terminal _terminal;
    private readonly ChatInput _input;
    private readonly ChatCommands _commands;
    private ulong _answerCount;

    public ChatSession(SpeculativeEngine engine, Terminal terminal, ChatSettings settings, string? systemPrompt)
    {
        _engine = engine;
        _terminal = terminal;
        _input = new ChatInput(terminal);
        _commands = new ChatCommands(this, terminal);
        Settings = settings;
        History = new ChatHistory(systemPrompt);
    }

    public ChatSettings Settings { get; set; }

    public ChatHistory History { get; private set; }

    /// <summary>Most tokens that a policy may draft in a round.</summary>
    public int LongestDraft => _engine.Options.MaximumDraftLength;

    /// <summary>The figures of the last answer, or null before the first.</summary>
    public SpeculativeStats? LastStats { get; private set; }

    /// <summary>Runs until the input ends, /exit, or Ctrl-C at the prompt.</summary>
    /// <returns>One of <see cref="ExitCode"/>; in a pipe, failure when a message or a command failed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var hasFailed = false;
        while (await ReadAsync(cancellationToken) is { } message)
        {
            if (message.Length == 0)
            {
                continue;
            }

            try
            {
                if (await _commands.TryRunAsync(message, cancellationToken) is not { } outcome)
                {
                    // "//" sends a message that starts with a slash.
                    await AnswerAsync(message.StartsWith("//", StringComparison.Ordinal) ? message[1..] : message, cancellationToken);
                }
                else if (outcome == ChatOutcome.Exit)
                {
                    break;
                }
            }
            catch (Exception error) when (error is IOException and not OutputClosedException or UsageException or ArgumentException or ModelFailureException)
            {
                _terminal.WriteError(ErrorReport.MessageOf(error));
                hasFailed = true;
            }
        }

        return hasFailed && !_terminal.IsInputTerminal ? ExitCode.Failure : ExitCode.Success;
    }

    /// <summary>Answers a question and adds both to the history. With nothing answered, the history is as before.</summary>
    /// <returns>Whether there is an answer, if only the beginning of one.</returns>
    public Task<bool> AnswerAsync(string question, CancellationToken cancellationToken) =>
        AnswerAsync(History.Copy(), question, cancellationToken);

    /// <summary>Answers the last question again. With nothing answered, the history is as before, the old answer included.</summary>
    /// <returns>Whether there is a new answer.</returns>
    /// <exception cref="UsageException">There is no turn yet.</exception>
    public Task<bool> AnswerAgainAsync(CancellationToken cancellationToken)
    {
        if (History.Turns is not [.., var last])
        {
            throw new UsageException("There is nothing to answer again.");
        }

        var earlier = History.Copy();
        earlier.TryRemoveLast();
        return AnswerAsync(earlier, last.Question, cancellationToken);
    }

    // "earlier" is a copy, which becomes the history only when there is an answer.
    private async Task<bool> AnswerAsync(ChatHistory earlier, string question, CancellationToken cancellationToken)
    {
        var skipped = ContextWindow.TurnsToSkip(earlier, question, Settings.MaximumTokens, _engine);
        var text = new StringBuilder();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_terminal.Interrupts.Renew(), cancellationToken);
        try
        {
            await StreamAsync(CreateRequest(earlier.Ask(question, skipped)), text, stop.Token);
        }
        catch (OperationCanceledException) when (_terminal.IsInputTerminal && !cancellationToken.IsCancellationRequested)
        {
            // In a pipe Ctrl-C ends the script; a person wants only this answer to end.
            _terminal.WriteNote("(stopped)");
        }
        finally
        {
            _answerCount++;
            if (text.Length > 0)
            {
                earlier.RemoveOldest(skipped);
                earlier.Add(new ChatTurn(question, text.ToString()));
                History = earlier;
            }
        }

        if (text.Length > 0 && skipped > 0)
        {
            _terminal.WriteNote($"(the context is full: the oldest {(skipped == 1 ? "turn is" : $"{skipped} turns are")} forgotten)");
        }

        return text.Length > 0;
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_terminal.Interrupts.Renew(), cancellationToken);
        return await _input.ReadAsync(stop.Token);
    }

    private async Task StreamAsync(GenerationRequest request, StringBuilder text, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var update in _engine.GenerateAsync(request, cancellationToken))
            {
                // Kept before it is written, so that a closed pipe loses nothing.
                text.Append(update.Text);
                _terminal.Output.Write(update.Text);
                await _terminal.Output.FlushAsync(CancellationToken.None);
                LastStats = update.Stats ?? LastStats;
                if (update.FinishReason is FinishReason.ContextFull)
                {
                    _terminal.WriteNote("(the context is full, so the answer ends here; /reset starts over)");
                }
            }
        }
        finally
        {
            if (text.Length > 0)
            {
                _terminal.Output.WriteLine();
                _terminal.TryFlush();
            }
        }
    }

    private GenerationRequest CreateRequest(IReadOnlyList<ChatMessage> messages) => new()
    {
        Messages = messages,
        MaximumTokens = Settings.MaximumTokens,
        Policy = Settings.Policy,
        StopTexts = Settings.StopTexts,

        // With one seed for all, /regen would draw the same answer again.
        Sampling = Settings.Sampling with { Seed = Settings.Sampling.Seed + _answerCount },
    };
}
