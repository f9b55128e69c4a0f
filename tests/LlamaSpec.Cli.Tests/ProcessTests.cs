using System.Diagnostics;
using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests;

/// <summary>The real program: what only a process can show.</summary>
[TestFixture]
public sealed class ProcessTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Test]
    public async Task APipeGetsTextAndExitCodeZero()
    {
        using var process = Start("generate", "-n", "6", "--temp", "0", "-t", "1");
        await process.StandardInput.WriteAsync("Grüße aus Köln, wie heißt du?");
        process.StandardInput.Close();
        var run = await FinishAsync(process);

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Is.Not.Empty.And.Not.Contain('\u001b'));
        Assert.That(run.Error, Is.Empty);
    }

    [Test]
    public async Task AUsageErrorIsExitCodeTwo()
    {
        using var process = Start("generate", "x", "--temp", "-1");
        var run = await FinishAsync(process);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Output, Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task CtrlCEndsWithOneLineAndExitCode130()
    {
        Assume.That(IsInterruptIgnored(), Is.False, "started in the background, where shells turn Ctrl-C off");
        using var process = Start("generate", "Tell me a story.", "--raw", "-n", "-1", "-c", "100000", "--temp", "0", "-t", "1");
        var output = new char[1];
        await process.StandardOutput.ReadAsync(output);
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        var run = await FinishAsync(process);

        Assert.That(run.ExitCode, Is.EqualTo(130));
        Assert.That(run.ErrorLines[^1], Is.EqualTo("cancelled"));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task WhenTheReaderLeavesTheProgramEndsQuietly()
    {
        using var process = Start("generate", "Tell me a story.", "--raw", "-n", "-1", "-c", "2000", "--temp", "0", "-t", "1");
        var output = new char[1];
        await process.StandardOutput.ReadAsync(output);
        process.StandardOutput.Close();
        await process.WaitForExitAsync().WaitAsync(Limit);

        Assert.That(process.ExitCode, Is.Zero);
        Assert.That(await process.StandardError.ReadToEndAsync(), Is.Empty);
    }

    private static Process Start(params string[] arguments)
    {
        // This folder is <root>/LlamaSpec.Cli.Tests/<configuration>; the program lies in its own project's.
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(folder.Parent!.Parent!.FullName, "LlamaSpec.Cli", folder.Name, OperatingSystem.IsWindows() ? "llamaspec.exe" : "llamaspec");
        return Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new System.Text.UTF8Encoding(false),
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        })!;
    }

    private static async Task<CliRun> FinishAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return new CliRun(process.ExitCode, await output, await error);
    }

    private static bool IsInterruptIgnored()
    {
        const string Status = "/proc/self/status";
        const ulong InterruptBit = 1ul << (2 - 1);
        return File.Exists(Status)
            && File.ReadLines(Status).First(static line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var line
            && (Convert.ToUInt64(line[7..].Trim(), 16) & InterruptBit) != 0;
    }
}
