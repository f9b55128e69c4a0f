namespace LlamaSpec.Cli.Tests.Fakes;

/// <summary>A person at the keyboard: lines, and things that happen before a line is typed. Afterwards it waits for ever.</summary>
internal sealed class ScriptedReader(params ReadOnlySpan<object> steps) : TextReader
{
    private readonly Queue<object> _steps = new(steps.ToArray());

    public override string? ReadLine()
    {
        while (_steps.TryDequeue(out var step))
        {
            if (step is string line)
            {
                return line;
            }

            ((Action)step)();
        }

        Thread.Sleep(Timeout.Infinite);
        return null;
    }
}
