using System.Text.Json;
using LlamaSpec.Cli.Json;
using LlamaSpec.Files;

namespace LlamaSpec.Cli.Chat;

/// <summary>Chats on disk.</summary>
internal static class ChatFile
{
    /// <exception cref="IOException">The file cannot be written; an older one is unchanged.</exception>
    public static void Save(ChatHistory history, string path)
    {
        using var file = AtomicFile.Create(path);
        file.Write(CliJson.Write(new ChatDocument(history.ToMessages()), CliJson.Readable.ChatDocument) + "\n");
        file.Commit();
    }

    /// <exception cref="IOException">The file cannot be read or is no chat; the history is unchanged.</exception>
    public static void Load(ChatHistory history, string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var document = JsonSerializer.Deserialize(stream, CliJson.Readable.ChatDocument);
            if (document?.Messages is not { } messages
                || messages.Any(static message => message is not { Role: not null, Content: not null })
                || !history.TryReplace(messages))
            {
                throw new JsonException();
            }
        }
        catch (JsonException error)
        {
            throw new IOException($"Cannot load {path}: it is no chat that /save wrote.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot load {path}: {error.Message}", error);
        }
    }
}
