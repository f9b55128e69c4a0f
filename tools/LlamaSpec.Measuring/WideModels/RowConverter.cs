using System.Diagnostics;
using LlamaSpec.Gguf;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>
/// Turns rows of one format into longer rows of another, filled up with zeros. Without a loss where there is a way: blocks of the
/// same format are copied, and Q4_0 becomes Q8_0 by keeping its scales and its levels.
/// </summary>
internal sealed class RowConverter
{
    private readonly TensorFormat _from;
    private readonly TensorFormat _to;
    private readonly double _scale;
    private readonly int _sourceValueCount;
    private readonly int _wideValueCount;
    private readonly float[] _values;
    private readonly byte[] _row;
    private readonly byte[] _emptyRow;

    /// <summary>Creates a converter for all rows of a tensor.</summary>
    /// <param name="from">The format that is read.</param>
    /// <param name="columnCount">Values of a row that is read.</param>
    /// <param name="to">The format that is written.</param>
    /// <param name="wideColumnCount">Values of a row that is written: whole blocks, and at least as many as are read.</param>
    /// <param name="scale">What each value is multiplied by. Default 1.</param>
    public RowConverter(TensorFormat from, int columnCount, TensorFormat to, int wideColumnCount, double scale = 1)
    {
        Debug.Assert(wideColumnCount >= columnCount && wideColumnCount % to.BlockLength == 0, "A wide row is longer, and whole blocks.");
        _from = from;
        _to = to;
        _scale = scale;
        _sourceValueCount = WholeBlocks(columnCount, from);
        _wideValueCount = WholeBlocks(columnCount, to);
        _values = new float[Math.Max(_sourceValueCount, _wideValueCount)];
        _emptyRow = new byte[to.RowSizeBytes(wideColumnCount)];
        to.Quantise(new float[wideColumnCount], _emptyRow);
        _row = [.. _emptyRow];
    }

    /// <summary>A row of nothing but zeros.</summary>
    public ReadOnlySpan<byte> EmptyRow => _emptyRow;

    /// <summary>The wide row of <paramref name="row"/>; valid until the next call.</summary>
    public ReadOnlySpan<byte> Convert(ReadOnlySpan<byte> row)
    {
        var start = _row.AsSpan(0, (int)_to.RowSizeBytes(_wideValueCount));
        switch (_from.Type, _to.Type)
        {
            case var (from, to) when from == to && _scale == 1:
                row.CopyTo(start);
                break;
            case (TensorType.Q4_0, TensorType.Q8_0) when _scale == 1:
                KeepLevels(row, start);
                break;
            default:
                _from.Dequantise(row, _values.AsSpan(0, _sourceValueCount));
                Scale();
                _to.Quantise(_values.AsSpan(0, _wideValueCount), start);
                break;
        }

        return _row;
    }

    private static int WholeBlocks(int valueCount, TensorFormat format) =>
        (valueCount + format.BlockLength - 1) / format.BlockLength * format.BlockLength;

    // Levels -8 to 7 are bytes too. The usual scale, largest / 127, would move each value by up to 3 % of a level.
    private static void KeepLevels(ReadOnlySpan<byte> source, Span<byte> wide)
    {
        const int Half = Q40Format.Length / 2;
        for (; !source.IsEmpty; source = source[Q40Format.SizeBytes..], wide = wide[Q80Format.SizeBytes..])
        {
            source[..sizeof(ushort)].CopyTo(wide);
            for (var i = 0; i < Half; i++)
            {
                var pair = source[sizeof(ushort) + i];
                wide[sizeof(ushort) + i] = (byte)((pair & 15) - Q40Format.Centre);
                wide[sizeof(ushort) + Half + i] = (byte)((pair >> 4) - Q40Format.Centre);
            }
        }
    }

    private void Scale()
    {
        if (_scale == 1)
        {
            return;
        }

        foreach (ref var value in _values.AsSpan())
        {
            value = (float)(value * _scale);
        }
    }
}
