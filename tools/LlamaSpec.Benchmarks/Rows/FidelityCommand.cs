using System.CommandLine;
using System.Globalization;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Benchmarks.Rows;

/// <summary>fidelity: how far the logits with fast rows are from llama.cpp's, on the text of a prompt file.</summary>
internal sealed class FidelityCommand : Command
{
    private readonly Option<string[]> _models = new("--model", "-m")
    {
        Description = "GGUF files. Default: the embedded target.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = static _ => [EmbeddedPair.TargetPath],
    };

    private readonly Option<string> _prompts = new("--prompts") { Description = "Questions, one JSON object a line with id, category and turns.", Required = true };
    private readonly Option<int> _limit = new("--limit-per-category") { Description = "Most questions of a category.", DefaultValueFactory = static _ => 4 };
    private readonly Option<int> _tokens = new("--max-tokens") { Description = "Most tokens of a question.", DefaultValueFactory = static _ => 384 };
    private readonly Option<int> _rows = new("--rows", "-n") { Description = "Rows of a decode.", DefaultValueFactory = static _ => 8 };
    private readonly Option<int?> _threads = new("--threads", "-t") { Description = "Threads. Default: all processors, at most 8." };

    public FidelityCommand()
        : base("fidelity", "How far the logits with fast rows are from llama.cpp's own, and llama.cpp's own from each other: differences and perplexity.")
    {
        foreach (var option in (Option[])[_models, _prompts, _limit, _tokens, _rows, _threads])
        {
            Add(option);
        }

        SetAction((result, cancellationToken) =>
            CommandErrors.CatchAsync(result.InvocationConfiguration.Error, () => RunAsync(result, cancellationToken)));
    }

    private async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        if (result.GetValue(_rows) < 1 || result.GetValue(_tokens) < 2)
        {
            throw new ArgumentException($"A decode needs 1 row or more and a text 2 tokens, but they are {result.GetValue(_rows)} and {result.GetValue(_tokens)}.");
        }

        var output = result.InvocationConfiguration.Output;
        var prompts = PromptFile.Read(result.GetRequiredValue(_prompts), result.GetValue(_limit));
        await output.WriteLineAsync($"{prompts.Count} questions, decodes of {result.GetValue(_rows)} rows, llama.cpp {LlamaBackend.LlamaVersion}, fast rows with {LlamaBackend.FastRowInstructions ?? "no instructions of this processor"}");
        await output.WriteLineAsync();
        await output.WriteLineAsync("| target | against llama.cpp | rows | largest difference | mean | same argmax | bar near-ties | perplexity of llama.cpp | this | apart |");
        await output.WriteLineAsync("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var path in result.GetRequiredValue(_models))
        {
            using var model = LlamaModel.Load(path, new LlamaModelOptions { GpuLayerCount = 0 }, progress: null, cancellationToken);
            var (fast, other) = Compare(model, prompts, result, cancellationToken);
            var name = Path.GetFileName(path);
            await output.WriteLineAsync(Row(name, "fast rows", fast));
            await output.WriteLineAsync(Row(name, "itself, without flash attention", other));
        }

        return 0;
    }

    private (Fidelity Fast, Fidelity Other) Compare(
        LlamaModel model, IReadOnlyList<BenchmarkPrompt> prompts, ParseResult result, CancellationToken cancellationToken)
    {
        var (mostTokens, rows) = (result.GetValue(_tokens), result.GetValue(_rows));
        TextLogits Create(FastRows fastRows, bool? flashAttention) => new(model, mostTokens, rows, result.GetValue(_threads), fastRows, flashAttention);
        using var stock = Create(FastRows.Off, null);
        using var fast = Create(FastRows.Auto, null);
        using var plain = Create(FastRows.Off, false);
        Fidelity ofFast = new(), ofPlain = new();
        foreach (var prompt in prompts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = model.Tokenizer.FormatChat([ChatMessage.User(prompt.Question)], addAssistantTurn: true);
            int[] tokens = [.. model.Tokenizer.Encode(text, addSpecial: true, parseSpecial: true).Take(mostTokens)];
            int[] next = [.. tokens.Skip(1), -1];
            for (var start = 0; start < tokens.Length; start += rows)
            {
                var count = Math.Min(rows, tokens.Length - start);
                var expected = stock.Decode(tokens.AsSpan(start, count), start);
                ofFast.Add(expected, fast.Decode(tokens.AsSpan(start, count), start), next.AsSpan(start, count));
                ofPlain.Add(expected, plain.Decode(tokens.AsSpan(start, count), start), next.AsSpan(start, count));
            }

            ofFast.EndText();
            ofPlain.EndText();
        }

        return (ofFast, ofPlain);
    }

    private static string Row(string name, string way, Fidelity fidelity) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {way} | {fidelity.RowCount} | {fidelity.Maximum:F3} | {fidelity.Mean:F4} | {fidelity.ArgmaxAgreement:P2} | {fidelity.ClearAgreement:P2} | {fidelity.ExpectedPerplexity:F4} | {fidelity.ActualPerplexity:F4} | {fidelity.PerplexityChange:P2} ± {fidelity.PerplexityChangeMargin:P2} |");
}
