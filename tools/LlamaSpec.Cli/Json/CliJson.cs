using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LlamaSpec.Cli.Chat;
using LlamaSpec.Cli.Demo;
using LlamaSpec.Cli.Training;

namespace LlamaSpec.Cli.Json;

/// <summary>The JSON documents of the command line.</summary>
[JsonSerializable(typeof(GenerationDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(CheckDocument))]
[JsonSerializable(typeof(ChatDocument))]
[JsonSerializable(typeof(CalibrationDocument))]
[JsonSerializable(typeof(TrainingDocument))]
[JsonSerializable(typeof(TrigramDocument))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>camelCase, indented, letters of all languages as they are.</summary>
    public static CliJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static string Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type);
}
