using System.Text;

namespace LlamaSpec.Cli.Training;

/// <summary>Plain-text files as passages of bounded length, which end with a line where one does.</summary>
internal sealed class TextCorpus
{
    private const int ShortestPassage = 64;
    private const int LongestPassage = 16_384;

    // So many passages even of a short text: some are held out.
    private const int WantedPassages = 20;

    private readonly IReadOnlyList<string> _paths;
    private readonly int _passageLength;

    /// <summary>Looks at the files.</summary>
    /// <exception cref="IOException">A file cannot be read; the message names it.</exception>
    public TextCorpus(IReadOnlyList<string> paths)
    {
        _paths = paths;
        foreach (var path in paths)
        {
            TotalBytes += Guarded(path, static path => File.Exists(path) ? new FileInfo(path).Length : throw new IOException("there is no such file"));
        }

        _passageLength = (int)Math.Clamp(TotalBytes / WantedPassages, ShortestPassage, LongestPassage);
    }

    /// <summary>Bytes of all files.</summary>
    public long TotalBytes { get; }

    /// <summary>The passages, file after file, each with the share of all bytes that are read then. Reads as it goes.</summary>
    /// <exception cref="IOException">A file cannot be read, or is no text.</exception>
    public IEnumerable<(string Text, double Progress)> Passages()
    {
        long bytesRead = 0;
        foreach (var path in _paths)
        {
            using var reader = Guarded(path, static path => new StreamReader(path, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true));
            var passage = new StringBuilder();
            while (Guarded(path, _ => TryReadPassage(reader, passage)))
            {
                var text = passage.ToString();
                bytesRead += Encoding.UTF8.GetByteCount(text);
                yield return (text, Math.Min(1, (double)bytesRead / Math.Max(1, TotalBytes)));
            }
        }
    }

    // A line that is much too long ends where the passage does.
    private bool TryReadPassage(StreamReader reader, StringBuilder passage)
    {
        passage.Clear();
        for (var next = 0; passage.Length < 2 * _passageLength && !(passage.Length >= _passageLength && next == '\n') && (next = reader.Read()) >= 0;)
        {
            passage.Append(next != 0 ? (char)next : throw new IOException("it is no text: it contains a zero character"));
        }

        return passage.Length > 0;
    }

    private static T Guarded<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot read {path}: {error.Message.TrimEnd('.')}. --text takes plain-text files in UTF-8.", error);
        }
    }
}
