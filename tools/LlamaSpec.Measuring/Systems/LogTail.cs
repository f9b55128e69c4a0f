using System.Diagnostics;

namespace LlamaSpec.Measuring.Systems;

/// <summary>The last lines that a process wrote. Safe from any thread.</summary>
internal sealed class LogTail
{
    private const int MostLines = 8;

    private readonly Queue<string> _lines = new();

    /// <summary>Takes what a process writes to either stream.</summary>
    public void Follow(Process process)
    {
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_lines)
        {
            if (_lines.Count == MostLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return _lines.Count == 0 ? "It wrote nothing." : $"Its last lines:\n  {string.Join("\n  ", _lines)}";
        }
    }
}
