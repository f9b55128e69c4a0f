using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LlamaSpec.Cli.Terminals;

/// <summary>Makes a <see cref="Terminal"/> of the process's own streams. UTF-8 throughout.</summary>
internal static class ConsoleTerminal
{
    private const int PipedWidth = 120;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Terminal Create()
    {
        TrySetConsoleEncoding();
        var isOutputTerminal = !Console.IsOutputRedirected;
        return new Terminal
        {
            Input = Console.IsInputRedirected ? new StreamReader(Console.OpenStandardInput(), Utf8) : Console.In,
            Output = new StreamWriter(OpenOutput(), Utf8),
            Error = new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true },
            IsInputTerminal = !Console.IsInputRedirected,
            IsOutputTerminal = isOutputTerminal,
            IsErrorTerminal = !Console.IsErrorRedirected,
            AllowsColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            AllowsCursorMoves = Environment.GetEnvironmentVariable("TERM") != "dumb",
            Width = isOutputTerminal ? WindowWidth() : PipedWidth,
        };
    }

    // .NET's own stream swallows "broken pipe", so a command would go on for nobody. A file keeps .NET's stream: a
    // FileStream of ours would keep its own position in it, and overwrite what stderr writes into the same file.
    private static Stream OpenOutput()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!pipe.CanSeek)
        {
            return new PipeStream(pipe);
        }

        pipe.Dispose();
        return Console.OpenStandardOutput();
    }

    private static void TrySetConsoleEncoding()
    {
        try
        {
            Console.OutputEncoding = Utf8;
            Console.InputEncoding = Utf8;
        }
        catch (IOException)
        {
            // No console is attached; the streams below are UTF-8 anyway.
        }
    }

    private static int WindowWidth()
    {
        try
        {
            return Math.Clamp(Console.WindowWidth, 40, 200);
        }
        catch (IOException)
        {
            return PipedWidth;
        }
    }
}
