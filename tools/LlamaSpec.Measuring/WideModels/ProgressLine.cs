namespace LlamaSpec.Measuring.WideModels;

/// <summary>Progress on stderr: one line that is overwritten on a terminal, one line for each stage elsewhere.</summary>
internal sealed class ProgressLine(TextWriter error, bool isTerminal) : IProgress<WidenProgress>
{
    private string? _stage;
    private int _percent;

    public void Report(WidenProgress value)
    {
        var percent = (int)(value.Fraction * 100);
        if (value.Stage != _stage && !isTerminal)
        {
            error.WriteLine(value.Stage);
        }
        else if (isTerminal && (value.Stage, percent) != (_stage, _percent))
        {
            error.Write($"\r{value.Stage} {percent,3} %  ");
        }

        (_stage, _percent) = (value.Stage, percent);
    }

    /// <summary>Leaves an empty line behind for what comes next.</summary>
    public void End()
    {
        if (isTerminal && _stage is not null)
        {
            error.Write($"\r{new string(' ', 20)}\r");
        }
    }
}
