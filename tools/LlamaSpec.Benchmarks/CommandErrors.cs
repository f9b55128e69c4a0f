using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks;

/// <summary>Turns what a command throws into one line on stderr and an exit code.</summary>
internal static class CommandErrors
{
    /// <summary>Exit code after Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs a command.</summary>
    /// <param name="error">Where errors go.</param>
    /// <param name="command">Its exit code is passed on.</param>
    /// <param name="beforeError">Called before anything is written, to end a progress line.</param>
    public static async Task<int> CatchAsync(TextWriter error, Func<Task<int>> command, Action? beforeError = null)
    {
        try
        {
            return await command();
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidDataException or ModelFailureException
            or NativeLibraryException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            beforeError?.Invoke();
            await error.WriteLineAsync($"error: {failure.Message.Split(" (Parameter '", 2)[0]}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            beforeError?.Invoke();
            await error.WriteLineAsync("cancelled");
            return Cancelled;
        }
    }
}
