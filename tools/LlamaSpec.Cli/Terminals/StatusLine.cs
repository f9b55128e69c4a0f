namespace LlamaSpec.Cli.Terminals;

/// <summary>One line on stderr that is written over and gone at the end. Shows nothing where stderr is no terminal. Any thread.</summary>
internal sealed class StatusLine(Terminal terminal) : IDisposable
{
    private readonly Lock _lock = new();
    private int _length;

    public void Show(string text)
    {
        if (!terminal.IsErrorTerminal)
        {
            return;
        }

        lock (_lock)
        {
            // A line as wide as the terminal would wrap, and could not be written over.
            var shown = text.Length < terminal.Width ? text : text[..(terminal.Width - 1)];
            terminal.Error.Write($"\r{shown.PadRight(_length)}");
            terminal.Error.Flush();
            _length = shown.Length;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_length > 0)
            {
                terminal.Error.Write($"\r{new string(' ', _length)}\r");
                terminal.Error.Flush();
                _length = 0;
            }
        }
    }
}
