using LlamaSpec.Models;
using LlamaSpec.Native.Interop;

namespace LlamaSpec.Native;

/// <summary>
/// The token embeddings of a GGUF file, read from the file one row at a time: the model need not be loaded, and a quantised
/// row is converted when it is asked for. Safe from any thread.
/// </summary>
public sealed unsafe class TokenEmbeddings : IDisposable
{
    private readonly EmbeddingsHandle _handle;

    /// <summary>Opens a file and keeps it open.</summary>
    /// <param name="path">A GGUF file with a tensor token_embd.weight.</param>
    /// <exception cref="ModelFailureException">The file is missing, damaged, one of several parts, or has no token embeddings.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or do not fit.</exception>
    public TokenEmbeddings(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        LlamaBackend.EnsureStarted();
        ShimErrors.ThrowOnError(ShimImports.EmbeddingsOpen(path, out var id));
        _handle = new EmbeddingsHandle(id);
        ShimErrors.ThrowOnError(ShimImports.EmbeddingsSize(_handle, out var width, out var rowCount));
        (Width, VocabularySize) = (width, rowCount);
    }

    /// <summary>Values of a row.</summary>
    public int Width { get; }

    /// <summary>Rows: one a token.</summary>
    public int VocabularySize { get; }

    /// <summary>Reads one row as the file has it; some architectures scale it afterwards. Allocates nothing.</summary>
    /// <param name="token">0 up to, not including, <see cref="VocabularySize"/>.</param>
    /// <param name="row">Receives the values; at least <see cref="Width"/> long.</param>
    /// <exception cref="ArgumentException">The token is out of range, or the row too short.</exception>
    /// <exception cref="ModelFailureException">The file can no longer be read.</exception>
    /// <exception cref="ObjectDisposedException">The embeddings were disposed.</exception>
    public void Read(int token, Span<float> row)
    {
        fixed (float* values = row)
        {
            ShimErrors.ThrowOnError(ShimImports.EmbeddingsRow(_handle, token, values, row.Length));
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();
}
