using System.Text;

namespace LlamaSpec.Cli.Tests.Fakes;

/// <summary>A folder that is gone at the end, and damaged models to put into it.</summary>
internal sealed class TestFolder : IDisposable
{
    public static string TargetPath { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "target.gguf");

    public static string DraftPath { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "draft.gguf");

    public string Path { get; } = Directory.CreateTempSubdirectory("llamaspec-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    /// <summary>The embedded target's first bytes only.</summary>
    public string WriteTruncatedModel()
    {
        var content = new byte[5_000_000];
        using var stream = System.IO.File.OpenRead(TargetPath);
        stream.ReadExactly(content);
        return Write("truncated.gguf", content);
    }

    /// <summary>The embedded draft, made for a target with another number of tokens.</summary>
    public string WriteDraftOfAnotherTarget()
    {
        var content = System.IO.File.ReadAllBytes(DraftPath);
        var key = "llamaspec.draft.target_vocab_size"u8;

        // The value follows the key's text and a 4-byte type.
        content[content.AsSpan().IndexOf(key) + key.Length + sizeof(int)]++;
        return Write("other-draft.gguf", content);
    }

    /// <summary>The embedded target with one token spelled differently.</summary>
    public string WriteModelWithOtherSpelling()
    {
        var content = System.IO.File.ReadAllBytes(TargetPath);
        var place = content.AsSpan().IndexOf("\u0120unfortunately"u8);
        Assert.That(place, Is.Positive);

        // The first letter, after the two bytes that stand for a space.
        content[place + 2]++;
        return Write("other-spelling.gguf", content);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
