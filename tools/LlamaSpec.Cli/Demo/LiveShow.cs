using System.Diagnostics;
using System.Globalization;
using System.Text;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Engine;
using Spectre.Console;

namespace LlamaSpec.Cli.Demo;

/// <summary>Shows an answer being written, with its speed, before anything is measured.</summary>
internal sealed class LiveShow(Terminal terminal)
{
    // Enough for the eye; each refresh takes time from the models.
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    public async Task PlayAsync(string title, SpeculativeEngine engine, GenerationRequest request, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var live = terminal.OutputConsole.Live(Draw(title, string.Empty, 0));
        await live.StartAsync(async context =>
        {
            var shown = Stopwatch.GetTimestamp();
            var firstToken = 0L;
            var tokens = 0;
            await foreach (var update in engine.GenerateAsync(request, cancellationToken))
            {
                text.Append(update.Text);
                if (update.Stats is { } stats)
                {
                    context.UpdateTarget(Draw(title, text.ToString(), stats.TokensPerSecond));
                    return;
                }

                firstToken = tokens++ == 0 ? Stopwatch.GetTimestamp() : firstToken;
                if (Stopwatch.GetElapsedTime(shown) > RefreshInterval)
                {
                    var seconds = Stopwatch.GetElapsedTime(firstToken).TotalSeconds;
                    context.UpdateTarget(Draw(title, text.ToString(), tokens / Math.Max(seconds, 0.001)));
                    shown = Stopwatch.GetTimestamp();
                }
            }
        });
    }

    private static Panel Draw(string title, string text, double tokensPerSecond)
    {
        var speed = tokensPerSecond == 0 ? "..." : string.Create(CultureInfo.InvariantCulture, $"{tokensPerSecond:0} tokens/s");
        return new Panel(new Text(text.Trim()))
        {
            Header = new PanelHeader($" {Markup.Escape(title)}: [bold]{speed}[/] "),
            Border = BoxBorder.Rounded,
            Expand = true,
        };
    }
}
