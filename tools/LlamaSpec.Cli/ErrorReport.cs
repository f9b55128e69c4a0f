using LlamaSpec.Cli.Terminals;
using LlamaSpec.Engine;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Cli;

/// <summary>Turns an exception into one line on stderr and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Environment variable: 1 = show stack traces.</summary>
    public const string DebugVariable = "LLAMASPEC_DEBUG";

    public static int Write(Exception error, Terminal terminal)
    {
        if (error is OutputClosedException)
        {
            // The reader (head, less) has what it wants: nothing to say, and nobody to say it to.
            return ExitCode.Success;
        }

        terminal.TryFlush();
        if (Environment.GetEnvironmentVariable(DebugVariable) == "1")
        {
            terminal.Error.WriteLine(error.ToString());
        }

        switch (error)
        {
            case OperationCanceledException:
                terminal.WriteNote("cancelled");
                return ExitCode.Cancelled;
            case UsageException:
                terminal.WriteError(error.Message);
                return ExitCode.Usage;
            case PromptTooLongException:
                terminal.WriteError($"{MessageOf(error)} (--ctx-size sets it.)");
                return ExitCode.Failure;
            case ArgumentException:
                terminal.WriteError(MessageOf(error));
                return ExitCode.Usage;
            default:
                terminal.WriteError(MessageOf(error));
                return ExitCode.Failure;
        }
    }

    /// <summary>The message of an error as one line that a user can act on.</summary>
    public static string MessageOf(Exception error) => error switch
    {
        // .NET appends the parameter's name and value, which mean nothing to a user.
        ArgumentException => OneLine(error.Message.Split(" (Parameter '", 2)[0]),
        ModelFailureException or NativeLibraryException or NotSupportedException or IOException or InvalidDataException
            or MeasurementException or UnauthorizedAccessException or UsageException => OneLine(error.Message),
        OutOfMemoryException => "Out of memory: use a smaller model, a smaller --ctx-size, or --no-draft.",
        _ => $"{error.GetType().Name}: {OneLine(error.Message)} (Set {DebugVariable}=1 to see where.)",
    };

    public static string OneLine(string text) =>
        string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
