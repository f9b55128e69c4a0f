using System.Text;

namespace LlamaSpec.Files;

/// <summary>
/// Writes a file in whole or not at all: a new file beside it, renamed at the end. Creating it fails early, before work is
/// done that could not be saved.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly StreamWriter _writer;
    private bool _isClosed;

    private AtomicFile(string path, string temporaryPath, StreamWriter writer)
    {
        _path = path;
        _temporaryPath = temporaryPath;
        _writer = writer;
    }

    /// <summary>Starts writing; nothing is seen at <paramref name="path"/> before <see cref="Commit"/>.</summary>
    /// <exception cref="IOException">The file cannot be written there; the message says why.</exception>
    public static AtomicFile Create(string path)
    {
        var target = FollowLinks(path);
        if (Directory.Exists(target))
        {
            throw new IOException($"Cannot write {path}: it is a folder. Name a file.");
        }

        // A device has no content to protect, and must not be replaced by a file.
        var isDevice = target.StartsWith("/dev/", StringComparison.Ordinal);
        var folder = Path.GetDirectoryName(target)!;
        var temporaryPath = isDevice ? target : Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            var stream = new FileStream(temporaryPath, isDevice ? FileMode.Open : FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            return new AtomicFile(target, temporaryPath, new StreamWriter(stream, new UTF8Encoding(false)));
        }
        catch (DirectoryNotFoundException error)
        {
            throw new IOException($"Cannot write {path}: there is no folder {folder}. Create it, or choose another place.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot write {path}: {error.Message.TrimEnd('.')}. Choose another place, or change the rights of {folder}.", error);
        }
    }

    /// <summary>For content that is not text. Not together with <see cref="Write"/>.</summary>
    public Stream Content => _writer.BaseStream;

    public void Write(string text) => _writer.Write(text);

    /// <summary>Puts the file in place.</summary>
    /// <exception cref="IOException">The disk is full, or the rights changed meanwhile; the old file is still there.</exception>
    public void Commit()
    {
        try
        {
            _writer.Flush();
            (_writer.BaseStream as FileStream)?.Flush(flushToDisk: _path != _temporaryPath);
            _writer.Dispose();
            if (_path != _temporaryPath)
            {
                File.Move(_temporaryPath, _path, overwrite: true);
            }

            _isClosed = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Cannot write {_path}: {error.Message.TrimEnd('.')}. What was there before is unchanged.", error);
        }
    }

    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        try
        {
            _writer.Dispose();
        }
        catch (IOException)
        {
            // A full disk has been reported by Commit, or the text is not wanted.
        }

        if (_path != _temporaryPath)
        {
            File.Delete(_temporaryPath);
        }
    }

    private static string FollowLinks(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            return Path.GetFullPath(path);
        }
    }
}
