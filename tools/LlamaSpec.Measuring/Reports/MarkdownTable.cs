using System.Text;

namespace LlamaSpec.Measuring.Reports;

/// <summary>A table whose first column is text and whose others are numbers.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    public MarkdownTable(IReadOnlyList<string> headers)
    {
        AddRow(headers);
        _text.Append("|---|").Append(string.Concat(Enumerable.Repeat("--:|", headers.Count - 1))).Append('\n');
    }

    public void AddRow(IEnumerable<string> cells) =>
        _text.Append("| ").AppendJoin(" | ", cells.Select(static cell => cell.Replace("|", "\\|"))).Append(" |\n");

    public override string ToString() => _text.ToString();
}
