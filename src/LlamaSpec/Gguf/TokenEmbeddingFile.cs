using LlamaSpec.Models;
using Microsoft.Win32.SafeHandles;

namespace LlamaSpec.Gguf;

/// <summary>
/// The token embeddings of a GGUF file, read from the file one row at a time in managed code: the model need not be loaded, and a
/// quantised row is converted when it is asked for. Knows fewer types of tensors than llama.cpp does. Safe from any thread.
/// </summary>
public sealed class TokenEmbeddingFile : IDisposable
{
    // A row is read in pieces of whole blocks through this much of the stack, so that readers share nothing.
    private const int PieceBytes = 4096;

    private readonly string _path;
    private readonly long _start;
    private readonly long _rowSizeBytes;
    private readonly TensorFormat _format;
    private readonly SafeFileHandle _file;

    /// <summary>Opens a file and keeps it open.</summary>
    /// <param name="path">A GGUF file with a tensor token_embd.weight of type F32, F16, BF16, Q4_0, Q4_1 or Q8_0.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFailureException">The file is damaged, or has no token embeddings, or embeddings of another type.</exception>
    public TokenEmbeddingFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = GgufReader.Read(path);
        var tensor = Find(file);
        _path = path;
        _format = TensorFormats.Of(tensor.Type);
        _rowSizeBytes = tensor.RowSizeBytes;
        _start = file.DataStart + tensor.Offset;
        (Width, VocabularySize) = ((int)tensor.ColumnCount, (int)tensor.RowCount);
        _file = File.OpenHandle(path);
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
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        Check.Range(token, 0, VocabularySize - 1, nameof(token));
        if (row.Length < Width)
        {
            throw new ArgumentException($"A row of {Width} values does not fit {row.Length}.", nameof(row));
        }

        Span<byte> piece = stackalloc byte[PieceBytes];
        var position = _start + (token * _rowSizeBytes);
        for (var values = row[..Width]; !values.IsEmpty;)
        {
            var blockCount = Math.Min(PieceBytes / _format.BlockSizeBytes, values.Length / _format.BlockLength);
            var blocks = piece[..(blockCount * _format.BlockSizeBytes)];
            ReadBytes(token, position, blocks);
            _format.Dequantise(blocks, values[..(blockCount * _format.BlockLength)]);
            values = values[(blockCount * _format.BlockLength)..];
            position += blocks.Length;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static GgufTensor Find(GgufFile file)
    {
        var tensor = file.Find(GgufFile.TokenEmbeddingName) ?? throw new ModelFailureException(file.IsPart
            ? $"{file.Path} is one of several parts of a model, and {GgufFile.TokenEmbeddingName} is in another. Use the model in one file."
            : $"{file.Path} has no tensor {GgufFile.TokenEmbeddingName}. Use a file with all of the model's tensors.");
        if (!TensorFormats.Has(tensor.Type))
        {
            throw new ModelFailureException(
                $"{file.Path}: token embeddings of type {tensor.Type} cannot be read here, only those of {TensorFormats.Names}. "
                + "Quantise the model with llama-quantize --token-embedding-type q8_0.");
        }

        return tensor.Dimensions.Skip(2).All(static size => size == 1)
            ? tensor
            : throw new ModelFailureException($"{file.Path} has token embeddings of an unusable shape: {tensor}. Download or write it again.");
    }

    private void ReadBytes(int token, long position, Span<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                var count = RandomAccess.Read(_file, bytes, position);
                if (count == 0)
                {
                    throw new EndOfStreamException("the file has become shorter");
                }

                bytes = bytes[count..];
                position += count;
            }
        }
        catch (IOException error)
        {
            throw new ModelFailureException($"The embedding of token {token} cannot be read from {_path}: the file was changed or its disk is gone.", error);
        }
    }
}
