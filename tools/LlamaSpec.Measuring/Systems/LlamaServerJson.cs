using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaSpec.Measuring.Systems;

/// <summary>What llama-server reads and writes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LlamaServerRequest))]
[JsonSerializable(typeof(LlamaServerReply))]
internal sealed partial class LlamaServerJson : JsonSerializerContext;
