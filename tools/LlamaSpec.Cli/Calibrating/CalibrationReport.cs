using System.Globalization;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Terminals;
using LlamaSpec.Policies.Costs;
using Spectre.Console;

namespace LlamaSpec.Cli.Calibrating;

/// <summary>What a person sees of a calibration.</summary>
internal sealed class CalibrationReport(Terminal terminal)
{
    public void Write(CalibrationDocument document)
    {
        var costs = document.Costs;
        terminal.OutputConsole.Write(CreateTable(costs));
        WriteLine($"cheap rows up to {document.CheapRows} rows, each further row costs less than half of the first");
        WriteLine(costs.Draft is { } draft
            ? $"draft      first pass of a round {draft.FirstPassMilliseconds:0.000} ms, each further {draft.NextPassMilliseconds:0.000} ms; a row to catch up on {draft.RowMilliseconds:0.000} ms, another request in a pass {draft.BatchRowMilliseconds:0.000} ms"
            : (FormattableString)$"draft      none");
        WriteLine($"threads    {costs.TargetThreadCount} for the target{(costs.DraftThreadCount is { } threads ? $", {threads} for the draft" : string.Empty)}");
        WriteLine($"attention  {costs.FlashAttention switch { null => "as llama.cpp decides", true => "fused", false => "not fused" }}");
        WriteLine($"fast rows  {(costs.FastRows ? "on" : "off")}");
        WriteLine($"{(document.IsNew ? "measured" : "measured before")} by the {(costs.IsQuick ? "quick" : "full")} form; {(document.StoredIn is { } path ? $"stored in {path}" : "not stored")}");
        if (!document.IsNew)
        {
            WriteLine($"--force measures again");
        }

        terminal.Output.Flush();
    }

    private static Table CreateTable(CostProfile costs)
    {
        var table = new Table { Border = TableBorder.Simple };
        AddColumn("rows");
        foreach (var curve in costs.Verify)
        {
            AddColumn(Number($"depth {curve.Depth}\nms"));
            AddColumn("\nof V(1)");
        }

        foreach (var rows in costs.Verify.SelectMany(static curve => curve.Points).Select(static point => point.Rows).Distinct().Order())
        {
            table.AddRow([new Text(Number($"{rows}")), .. costs.Verify.SelectMany(curve => Cells(curve, rows))]);
        }

        return table;

        void AddColumn(string header) => table.AddColumn(new TableColumn(new Text(header)) { Alignment = Justify.Right, NoWrap = true });
    }

    private static IEnumerable<Text> Cells(VerifyCurve curve, int rows)
    {
        var point = curve.Points.FirstOrDefault(point => point.Rows == rows);
        var isMeasured = point.Rows == rows;
        yield return new Text(isMeasured ? Number($"{point.Milliseconds:0.000}") : "-");
        yield return new Text(isMeasured ? Number($"{point.Milliseconds / curve.Points[0].Milliseconds:0.00}") : "-");
    }

    private void WriteLine(FormattableString text) => terminal.Output.WriteLine(Number(text));

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
