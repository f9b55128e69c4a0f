using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaSpec.Benchmarks.EndToEnd.Results;

/// <summary>The results as JSON.</summary>
[JsonSerializable(typeof(EndToEndDocument))]
internal sealed partial class EndToEndJson : JsonSerializerContext
{
    private static readonly EndToEndJson Readable = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Write(EndToEndDocument document) => JsonSerializer.Serialize(document, Readable.EndToEndDocument) + "\n";
}
