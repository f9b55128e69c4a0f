using LlamaSpec.Gguf;
using LlamaSpec.Models;
using Microsoft.Win32.SafeHandles;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>
/// Writes a llama model that computes the same logits with larger matrices: rows, heads and the feed-forward network are filled up
/// with zeros, which stay zeros through every layer, and the norms are corrected for them (<see cref="LlamaShape.NormScaleTo"/>).
/// </summary>
internal sealed class ModelWidener
{
    // Rows are read in pieces of about this size.
    private const int PieceBytes = 1 << 20;

    private readonly GgufFile _source;
    private readonly List<Step> _steps;

    /// <summary>Plans the work and refuses what cannot be done; nothing is read or written yet.</summary>
    /// <param name="source">The model.</param>
    /// <param name="type">Type of the matrices that are written. Norms are F32.</param>
    /// <param name="width">Values of a hidden row.</param>
    /// <exception cref="ModelFailureException">The model is not a dense llama model, or has tensors of a type that cannot be read.</exception>
    /// <exception cref="ArgumentException">The model cannot have that width.</exception>
    public ModelWidener(GgufFile source, TensorType type, int width)
    {
        _source = source;
        var shape = LlamaShape.Read(source);
        Shape = shape.Widen(width);
        _steps = [.. source.Tensors.Select(tensor => Step.Plan(tensor, shape, Shape, type))];
        Metadata = source.Metadata.Copy();
        Shape.WriteTo(Metadata);
        var change = width == shape.Width ? $"requantised to {type}" : $"widened from {shape.Width} to {width}";
        Metadata
            .Set("general.name", GgufValue.Of($"{source.Metadata.Text("general.name") ?? "model"}, {change}"))
            .Set("general.file_type", GgufValue.Of(FileType(type)));
    }

    /// <summary>The sizes that are written.</summary>
    public LlamaShape Shape { get; }

    /// <summary>The metadata that are written; more may be added before <see cref="Write"/>.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>Bytes of all tensors that are written.</summary>
    public long SizeBytes => _steps.Sum(static step => step.Wide.SizeBytes);

    /// <summary>Writes the widened model. Holds a few megabytes at a time.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="progress">Told the fraction written, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two pieces; what was written is then of no use.</param>
    /// <exception cref="IOException">The source cannot be read or the destination not be written.</exception>
    public void Write(Stream destination, Action<double> progress, CancellationToken cancellationToken)
    {
        using var source = File.OpenHandle(_source.Path, options: FileOptions.SequentialScan);
        var writer = new GgufWriter(destination, Metadata, [.. _steps.Select(static step => step.Wide)]);
        var (written, total) = (0L, SizeBytes);
        foreach (var step in _steps)
        {
            WriteTensor(step, source, writer, cancellationToken);
            written += step.Wide.SizeBytes;
            progress((double)written / total);
        }

        writer.Finish();
    }

    private void WriteTensor(Step step, SafeFileHandle source, GgufWriter writer, CancellationToken cancellationToken)
    {
        var rowSizeBytes = (int)step.Source.RowSizeBytes;
        var piece = new byte[Math.Max(PieceBytes / rowSizeBytes, 1) * rowSizeBytes];
        var position = _source.DataStart + step.Source.Offset;
        for (var left = step.Source.SizeBytes; left > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = piece.AsSpan(0, (int)Math.Min(piece.Length, left));
            ReadExactly(source, rows, position);
            position += rows.Length;
            left -= rows.Length;
            for (; !rows.IsEmpty; rows = rows[rowSizeBytes..])
            {
                writer.Write(step.Converter.Convert(rows[..rowSizeBytes]));
            }
        }

        for (var row = step.Source.RowCount; row < step.Wide.RowCount; row++)
        {
            writer.Write(step.Converter.EmptyRow);
        }

        writer.EndTensor();
    }

    private void ReadExactly(SafeFileHandle source, Span<byte> bytes, long position)
    {
        while (!bytes.IsEmpty)
        {
            var count = RandomAccess.Read(source, bytes, position);
            if (count == 0)
            {
                throw new IOException($"{_source.Path} became shorter while it was read.");
            }

            bytes = bytes[count..];
            position += count;
        }
    }

    // llama.cpp's numbers of whole files, LLAMA_FTYPE_*.
    private static uint FileType(TensorType type) => type switch
    {
        TensorType.F32 => 0,
        TensorType.F16 => 1,
        TensorType.Q4_0 => 2,
        TensorType.Q4_1 => 3,
        TensorType.Q8_0 => 7,
        TensorType.BF16 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"{type} cannot be written."),
    };

    /// <summary>One tensor, before and after.</summary>
    private sealed record Step(GgufTensor Source, GgufTensor Wide, RowConverter Converter)
    {
        public static Step Plan(GgufTensor source, LlamaShape shape, LlamaShape wideShape, TensorType type)
        {
            var role = TensorRole.Of(source);
            var wide = source with
            {
                Dimensions =
                [
                    .. source.Dimensions.Select((size, i) => Widen(source, size, i == 0 ? role.Columns : role.Rows, shape, wideShape)),
                ],
                Type = source.Dimensions.Count == 1 ? TensorType.F32 : type,
            };
            var (from, to) = (TensorFormats.Of(source.Type), TensorFormats.Of(wide.Type));
            if (wide.ColumnCount % to.BlockLength != 0)
            {
                throw new ArgumentException(
                    $"{wide} would have rows that are no whole blocks of {to.BlockLength}. Choose another width or type.", nameof(type));
            }

            var scale = role.IsNorm ? shape.NormScaleTo(wideShape) : 1;
            return new Step(source, wide, new RowConverter(from, (int)source.ColumnCount, to, (int)wide.ColumnCount, scale));
        }

        private static long Widen(GgufTensor tensor, long size, TensorAxis axis, LlamaShape shape, LlamaShape wideShape)
        {
            if (shape.SizeOf(axis) is { } expected && size != expected)
            {
                throw new ModelFailureException(
                    $"The tensor {tensor} should have {expected} where it has {size}: it contradicts the metadata. Take another model.");
            }

            return wideShape.SizeOf(axis) ?? size;
        }
    }
}
