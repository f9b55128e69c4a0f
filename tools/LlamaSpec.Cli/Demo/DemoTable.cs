using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LlamaSpec.Cli.Demo;

/// <summary>The demo's results as a table that fits 80 columns.</summary>
internal static class DemoTable
{
    public static IRenderable Create(IReadOnlyList<DemoResult> results, int promptCount)
    {
        var table = new Table { Border = TableBorder.Simple };
        AddColumn(table, "temp", isNumber: false);
        AddColumn(table, "policy", isNumber: false);
        AddColumn(table, "plain\ntokens/s");
        AddColumn(table, "speculative\ntokens/s");
        AddColumn(table, "speed-up");
        AddColumn(table, "acceptance\nrate");
        AddColumn(table, "mean\nlength");
        AddColumn(table, "same\ntext", isNumber: false);
        AddColumn(table, "overhead\nms/round");
        foreach (var result in results)
        {
            table.AddRow(
                Cell($"{result.Temperature}"),
                new Text(result.Policy),
                Cell($"{result.PlainTokensPerSecond:0.0}"),
                Cell($"{result.SpeculativeTokensPerSecond:0.0}"),
                new Text(Number($"{result.SpeedUp:0.00}x"), new Style(result.SpeedUp < 1 ? Color.Red : Color.Green)),
                Cell($"{result.AcceptanceRate:0.00}"),
                Cell($"{result.MeanAcceptanceLength:0.00}"),
                new Text(Identity(result, promptCount)),
                Cell($"{result.ManagedOverheadMilliseconds:0.000}"));
        }

        return table;
    }

    // Above temperature 0 the texts are drawn, and another text is no fault.
    private static string Identity(DemoResult result, int promptCount) => result switch
    {
        { Identical: true } => "yes",
        { Temperature: > 0 } => "drawn *",
        _ => $"{promptCount - result.Divergences.Count} of {promptCount}",
    };

    private static void AddColumn(Table table, string header, bool isNumber = true) =>
        table.AddColumn(new TableColumn(new Text(header))
        {
            Alignment = isNumber ? Justify.Right : Justify.Left,
            NoWrap = true,
            Padding = new Padding(0, 0, 0, 0),
        });

    private static Text Cell(FormattableString text) => new(Number(text));

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
