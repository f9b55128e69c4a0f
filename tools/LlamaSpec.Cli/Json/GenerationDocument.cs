using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaSpec.Diagnostics;
using LlamaSpec.Engine;

namespace LlamaSpec.Cli.Json;

/// <summary>What generate --json writes.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Tokens">Number of its tokens.</param>
/// <param name="FinishReason">"endOfText", "stopText", "tokenLimit" or "contextFull".</param>
/// <param name="Stats">The figures of the request.</param>
/// <param name="Rounds">Its rounds, with --explain; else left out.</param>
internal sealed record GenerationDocument(
    string Text, int Tokens, string FinishReason, SpeculativeStats Stats,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RoundDocument>? Rounds)
{
    public static GenerationDocument From(string text, FinishReason reason, SpeculativeStats stats, IReadOnlyList<ExplainedRound>? rounds = null) =>
        new(text, stats.GeneratedTokens, JsonNamingPolicy.CamelCase.ConvertName(reason.ToString()), stats, rounds?.Select(RoundDocument.From).ToList());
}
