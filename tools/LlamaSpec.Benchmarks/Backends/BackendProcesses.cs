using System.Diagnostics;
using System.Text.Json;
using LlamaSpec.Models;

namespace LlamaSpec.Benchmarks.Backends;

/// <summary>Runs this program once more for each backend.</summary>
/// <param name="arguments">What a child is told, the backend's name left out at the end.</param>
/// <param name="error">Where progress goes.</param>
internal sealed class BackendProcesses(IReadOnlyList<string> arguments, TextWriter error)
{
    /// <summary>Runs every backend <paramref name="repeats"/> times, in turn and every other time backwards: a machine that changes its pace changes it for all.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<BackendFigures>>> RunAsync(IReadOnlyList<string> names, int repeats, CancellationToken cancellationToken)
    {
        var figures = names.ToDictionary(static name => name, static _ => new List<BackendFigures>());
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var name in repeat % 2 == 0 ? names : [.. names.Reverse()])
            {
                await error.WriteLineAsync($"{repeat + 1} of {repeats}: {name}");
                figures[name].Add(await RunAsync(name, cancellationToken));
            }
        }

        return figures.ToDictionary(static entry => entry.Key, static entry => (IReadOnlyList<BackendFigures>)entry.Value);
    }

    private async Task<BackendFigures> RunAsync(string name, CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            start.ArgumentList.Add(typeof(BackendProcesses).Assembly.Location);
        }

        foreach (var argument in arguments.Append(name))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        try
        {
            var log = process.StandardError.ReadToEndAsync(cancellationToken);
            var json = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<BackendFigures>(json)!
                : throw new ModelFailureException($"{name} could not be measured: {(await log).Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
