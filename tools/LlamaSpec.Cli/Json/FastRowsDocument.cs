using System.Globalization;
using System.Text.Json.Serialization;
using LlamaSpec.Cli.Comparison;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Json;

/// <summary>Whether a target's decodes use LlamaSpec's own matrix products.</summary>
internal sealed record FastRowsDocument
{
    /// <summary>What --rows asked for.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<FastRows>))]
    public required FastRows Asked { get; init; }

    /// <summary>null when this processor has none of the instructions.</summary>
    public required string? Instructions { get; init; }

    /// <summary>Matrix products of a decode of two rows that were ours.</summary>
    public required long ProductsOfADecode { get; init; }

    /// <summary>Decodes two rows and counts.</summary>
    /// <exception cref="NotSupportedException">They were asked for and the processor cannot.</exception>
    public static FastRowsDocument Measure(LlamaModel target, ModelPairOptions options)
    {
        using var runner = new LlamaModelRunner(target, DivergenceProbe.ContextOptions(options));
        var batch = new TokenBatch(2);
        batch.Add(0, 0, new SequenceId(0), wantsLogits: true);
        batch.Add(0, 1, new SequenceId(0), wantsLogits: true);
        runner.Decode(batch);
        return new FastRowsDocument
        {
            Asked = options.FastRows,
            Instructions = LlamaBackend.FastRowInstructions,
            ProductsOfADecode = runner.FastProductCount,
        };
    }

    /// <summary>In words.</summary>
    public string Explain() => this switch
    {
        { Asked: FastRows.Off } => "off, as asked",
        { Instructions: null } => "off: this processor has none of the instructions",
        { ProductsOfADecode: 0 } => $"off for this target: none of its weights on the CPU is Q8_0, Q4_0, BF16 or F16 ({Instructions} would be there)",
        _ => string.Create(CultureInfo.InvariantCulture, $"on ({Instructions}): {ProductsOfADecode} matrix products of a decode"),
    };
}
