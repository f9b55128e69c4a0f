using System.Globalization;
using LlamaSpec.Cli.Json;
using LlamaSpec.Cli.Terminals;
using Spectre.Console;

namespace LlamaSpec.Cli.Checking;

/// <summary>What a person sees of a check.</summary>
internal sealed class CheckReport(Terminal terminal)
{
    public void Write(CheckDocument document)
    {
        terminal.OutputConsole.Write(CreateTable(document.Target, document.Draft));
        WriteLine($"natives   llama.cpp {document.LlamaVersion}, kernels {document.InstructionSet}, in {document.LibraryDirectory}");
        WriteLine($"fast rows {document.FastRows.Explain()}");
        WriteLine($"GPU       {(document.Gpus.Count > 0 ? string.Join(", ", document.Gpus) : $"none, the processor computes everything: {document.NoGpuReason}")}");
        WriteLine($"{(document.Compatible switch { true => "compatible", false => "NOT compatible", null => "no pair" })}: {document.Reason}");
        foreach (var difference in document.Differences)
        {
            WriteLine($"  token {difference.Token}: \"{difference.TargetText}\" in the target, \"{difference.DraftText}\" in the draft");
        }

        if (document.SelfTest is { } test)
        {
            WriteSelfTest(test);
        }

        terminal.Output.Flush();
    }

    private void WriteSelfTest(SelfTestResult test)
    {
        if (test.DisabledReason is { } reason)
        {
            WriteLine($"self-test NOT possible: {ErrorReport.OneLine(reason)}");
            return;
        }

        var acceptance = Number($"the target accepts {test.AcceptanceRate:P1} of its own proposals (at least {SelfTestResult.LowestAcceptanceRate:P0} is right)");
        var texts = $"plain and speculative text at temperature 0 {(test.Identical ? "are identical" : "differ")}";
        WriteLine($"self-test {(test.Passed ? "passed" : "FAILED")}: {acceptance}; {texts}");
        foreach (var divergence in test.Divergences)
        {
            WriteLine($"  {divergence.Explain()}");
        }
    }

    private static Table CreateTable(ModelDocument target, ModelDocument? draft)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(string.Empty, "target", "draft");
        Add("file", static model => model.File);
        Add("description", static model => model.Description);
        Add("parameters", static model => Number($"{model.ParameterCount / 1e6:0.0} million"));
        Add("weights", static model => Number($"{model.SizeBytes / 1e6:0.0} MB"));
        Add("layers, width", static model => Number($"{model.LayerCount}, {model.HiddenSize}"));
        Add("vocabulary", static model => Number($"{model.VocabularySize}{(model.HasVocabulary ? string.Empty : " (trimmed)")}"));
        Add("trained context", static model => Number($"{model.TrainedContextLength}"));
        Add("chat template", static model => model.HasChatTemplate ? "yes" : "no");
        Add("recurrent", static model => model.IsRecurrent ? "yes" : "no");
        return table;

        void Add(string name, Func<ModelDocument, string> read) =>
            table.AddRow(new Text(name), new Text(read(target)), new Text(draft is null ? "-" : read(draft)));
    }

    private void WriteLine(FormattableString text) => terminal.Output.WriteLine(Number(text));

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
