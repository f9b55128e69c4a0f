using System.Diagnostics;
using System.Globalization;
using LlamaSpec.Measuring.Prompts;

namespace LlamaSpec.Measuring.Runs;

/// <summary>Progress on stderr: one line for each question, and the system that answers on a terminal.</summary>
internal sealed class RunProgress(TextWriter error, bool isTerminal)
{
    private const int LineWidth = 78;

    private long _start;

    /// <summary>Says what is being done before anything is measured.</summary>
    public void Note(string text) => error.WriteLine(text);

    /// <summary>Says which question is next.</summary>
    public void Asking(ChatPrompt prompt, float temperature, int done, int total)
    {
        _start = done == 0 ? Stopwatch.GetTimestamp() : _start;
        var left = done == 0 ? string.Empty : string.Create(
            CultureInfo.InvariantCulture, $", {Stopwatch.GetElapsedTime(_start).TotalMinutes / done * (total - done):F1} min left");
        Clear();
        error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done + 1} of {total}: {prompt.Category} {prompt.Id}, temperature {temperature}{left}"));
    }

    /// <summary>Says which system answers.</summary>
    public void Answering(string system)
    {
        if (isTerminal)
        {
            error.Write($"\r  {system.PadRight(LineWidth - 2)}");
        }
    }

    /// <summary>Leaves an empty line behind for what comes next.</summary>
    public void Clear()
    {
        if (isTerminal)
        {
            error.Write($"\r{new string(' ', LineWidth)}\r");
        }
    }
}
