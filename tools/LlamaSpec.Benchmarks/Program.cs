using System.CommandLine;
using LlamaSpec.Benchmarks;
using LlamaSpec.Benchmarks.Backends;
using LlamaSpec.Benchmarks.Rows;
using LlamaSpec.Benchmarks.Trees;
using LlamaSpec.Benchmarks.WideModels;
using LlamaSpec.Native;
using LlamaSpec.Policies;

var model = new Option<string?>("--model", "-m") { Description = "The target's GGUF file. Default: the embedded pair." };
var draft = new Option<string?>("--draft", "-d") { Description = "The draft's GGUF file." };
var threads = new Option<int?>("--threads", "-t") { Description = "Threads for the target." };
var policies = new Option<string>("--policies") { Description = $"Comma-separated: {PolicyChoice.Syntax}.", DefaultValueFactory = _ => "off,fixed:2,adaedl" };
var requests = new Option<int>("--requests", "-r") { Description = "Requests at once.", DefaultValueFactory = _ => 8 };
var repeats = new Option<int>("--repeats") { Description = "Measured runs; the median counts.", DefaultValueFactory = _ => 3 };

var concurrency = new Command("concurrency", "Requests served at once against the same requests one after another.")
{
    model, draft, threads, policies, requests, repeats,
};
concurrency.SetAction((result, cancellationToken) => ConcurrencyScenario.RunAsync(
    new ModelPairOptions { TargetPath = result.GetValue(model), DraftPath = result.GetValue(draft), TargetThreadCount = result.GetValue(threads) },
    [.. result.GetRequiredValue(policies).Split(',').Select(PolicyChoice.Parse)],
    result.GetValue(requests),
    result.GetValue(repeats),
    Console.Out,
    cancellationToken));

return await new RootCommand("Measurements of LlamaSpec's parts, as Markdown tables; docs/benchmarks.md has some. 'llamaspec bench' measures the whole.") { concurrency, new VerifyCostCommand(), new FidelityCommand(), new VerifyTreesCommand(), new BackendsCommand(), new WidenCommand() }.Parse(args).InvokeAsync();
