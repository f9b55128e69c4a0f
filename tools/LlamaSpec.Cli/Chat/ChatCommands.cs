using LlamaSpec.Cli.Commands;
using LlamaSpec.Cli.Options;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Chat;

/// <summary>The commands inside a chat, which start with a slash.</summary>
internal sealed class ChatCommands(ChatSession session, Terminal terminal)
{
    private const string Help = """
        /help            this list
        /reset           forget the conversation (the system prompt stays)
        /system TEXT     set the system prompt; without TEXT: the model's own
        /regen           answer the last question again
        /undo            forget the last question and its answer
        /temp T          temperature, 0 to 100; 0 = always the most likely token
        /policy POLICY   draft-length policy, for example adaedl, fixed:4 or off
        /stats           figures of the last answer
        /save FILE       save the conversation
        /load FILE       continue a saved conversation
        /exit            leave; so do Ctrl-D, and Ctrl-C at the prompt
        A line that ends with \ goes on in the next line. // sends a message that starts with a slash.
        """;

    /// <summary>Runs a message as a command. null when it is none.</summary>
    /// <exception cref="UsageException">The command is unknown or its argument is wrong.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public async Task<ChatOutcome?> TryRunAsync(string message, CancellationToken cancellationToken)
    {
        if (message[0] != '/' || message.StartsWith("//", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = message.Split((char[]?)null, 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var argument = parts.Length > 1 ? parts[1] : null;
        switch (parts[0].ToLowerInvariant())
        {
            case "/exit" or "/quit":
                return ChatOutcome.Exit;
            case "/help":
                terminal.WriteNote(Help);
                break;
            case "/reset":
                session.History.Clear();
                terminal.WriteNote("(forgotten)");
                break;
            case "/system":
                session.History.SystemPrompt = argument;
                terminal.WriteNote(argument is null ? "(the model's own system prompt)" : "(system prompt set)");
                break;
            case "/regen":
                await RegenerateAsync(cancellationToken);
                break;
            case "/undo":
                terminal.WriteNote(session.History.TryRemoveLast() ? "(the last turn is forgotten)" : "(there is nothing to undo)");
                break;
            case "/temp":
                SetTemperature(argument);
                break;
            case "/policy":
                SetPolicy(argument);
                break;
            case "/stats":
                WriteStats();
                break;
            case "/save":
                ChatFile.Save(session.History, argument ?? throw new UsageException("/save needs a file name."));
                terminal.WriteNote($"(saved to {argument})");
                break;
            case "/load":
                ChatFile.Load(session.History, argument ?? throw new UsageException("/load needs a file name."));
                terminal.WriteNote($"({session.History.Turns.Count} turns loaded from {argument})");
                break;
            default:
                throw new UsageException($"There is no command {parts[0]}. /help lists them; // sends a message that starts with a slash.");
        }

        return ChatOutcome.Continue;
    }

    private async Task RegenerateAsync(CancellationToken cancellationToken)
    {
        if (!await session.AnswerAgainAsync(cancellationToken))
        {
            terminal.WriteNote("(no new answer, so the old one stays)");
        }
    }

    private void SetTemperature(string? text)
    {
        if (!NumberOption.TryParse<float>(text ?? string.Empty, 0, 100, out var temperature))
        {
            throw new UsageException($"/temp must be a number from 0 to 100, but is \"{text}\".");
        }

        session.Settings = session.Settings with { Sampling = session.Settings.Sampling with { Temperature = temperature } };
        terminal.WriteNote($"(temperature {text})");
    }

    private void SetPolicy(string? text)
    {
        var policy = ReadPolicy(text ?? string.Empty);

        // The engine would refuse every answer from now on.
        if (PolicyOption.FixedLength(policy) > session.LongestDraft)
        {
            var range = session.LongestDraft > 0 ? $"Use fixed:1 to fixed:{session.LongestDraft}, or start" : "Start";
            throw new UsageException(
                $"/policy {policy} drafts more than the {session.LongestDraft} tokens that this chat was started for. "
                + $"{range} with --draft-max {PolicyOption.FixedLength(policy)}.");
        }

        session.Settings = session.Settings with { Policy = policy };
        terminal.WriteNote($"(policy {policy})");
    }

    private static PolicyChoice ReadPolicy(string text)
    {
        try
        {
            return PolicyChoice.Parse(text);
        }
        catch (FormatException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private void WriteStats()
    {
        if (session.LastStats is { } stats)
        {
            StatsText.Write(terminal, stats);
        }
        else
        {
            terminal.WriteNote("(there are no figures: no answer has ended yet)");
        }
    }
}
