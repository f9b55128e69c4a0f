using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace LlamaSpec.Benchmarks.EndToEnd;

/// <summary>--help of end-to-end: how it measures, and examples, after the options.</summary>
internal sealed class EndToEndHelp : SynchronousCommandLineAction
{
    private const string Lesson =
        """
        How it measures:
          Plain decoding with llama.cpp's own kernels is the baseline; its ratios are 1. Every question is answered by all
          systems before the next one, in rotating order, so that a machine that changes its pace changes it for all: trust
          the ratios, not the tokens per second. Keep the machine free of other work, use some dozen questions, and repeat.
          A question counts for no system when one of them fails at it or gives fewer than 8 tokens.

        Examples (the questions are JSON lines with "id", "category" and "turns", as Spec-Bench has them):
          end-to-end --prompts questions.jsonl
              the embedded pair, two questions of each category
          end-to-end --prompts questions.jsonl --limit-per-category 1 --max-tokens 64 --temperatures 0 --no-stock-policies
              the same in short
          end-to-end --prompts questions.jsonl -m target.gguf -d draft.gguf --repeats 3 --output results
              your own pair, with the tables in a folder
          end-to-end --prompts questions.jsonl --widen q8_0
              a target that exceeds the processor's cache
          end-to-end --prompts questions.jsonl --llama-server /path/to/llama-server --server-draft full-draft.gguf
              against llama-server too
        """;

    private readonly HelpAction _standard = new();

    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        _standard.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(Lesson);
        return 0;
    }
}
