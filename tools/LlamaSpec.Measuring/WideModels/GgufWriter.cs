using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using LlamaSpec.Gguf;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>
/// Writes a GGUF file of version 3 as a stream: the header at once, then the data of the tensors in their order, in pieces of any size.
/// </summary>
internal sealed class GgufWriter
{
    private readonly Stream _stream;
    private readonly IReadOnlyList<GgufTensor> _tensors;
    private readonly long _alignment;
    private long _position;
    private int _tensor;
    private long _tensorBytesLeft;

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Where to; only written to, never read or moved in, and left open.</param>
    /// <param name="metadata">Key-value pairs; "general.alignment" among them is honoured.</param>
    /// <param name="tensors">What follows. Their offsets are ignored: the writer places them one after another.</param>
    public GgufWriter(Stream stream, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors)
    {
        _stream = stream;
        _tensors = tensors;
        _alignment = metadata.Integer(GgufFile.AlignmentKey) ?? GgufFile.DefaultAlignment;
        WriteHeader(metadata);
        StartTensor();
    }

    /// <summary>Writes the next bytes of the current tensor.</summary>
    public void Write(ReadOnlySpan<byte> data)
    {
        Debug.Assert(data.Length <= _tensorBytesLeft, "A tensor gets the bytes that its header promises.");
        WriteBytes(data);
        _tensorBytesLeft -= data.Length;
    }

    /// <summary>Ends the current tensor.</summary>
    /// <exception cref="InvalidOperationException">It has fewer or more bytes than its dimensions and type say.</exception>
    public void EndTensor()
    {
        if (_tensorBytesLeft != 0)
        {
            var tensor = _tensors[_tensor];
            throw new InvalidOperationException($"{tensor} has {tensor.SizeBytes} bytes; {_tensorBytesLeft} were not written.");
        }

        Pad();
        _tensor++;
        StartTensor();
    }

    /// <summary>Hands what is buffered to the stream.</summary>
    /// <exception cref="InvalidOperationException">A tensor is missing.</exception>
    public void Finish()
    {
        if (_tensor != _tensors.Count)
        {
            throw new InvalidOperationException($"{_tensors[_tensor]} was not written.");
        }

        _stream.Flush();
    }

    private void WriteHeader(GgufMetadata metadata)
    {
        WriteBytes(GgufFile.Magic);
        WriteNumber(GgufFile.Version);
        WriteNumber((ulong)_tensors.Count);
        WriteNumber((ulong)metadata.Keys.Count);
        foreach (var key in metadata.Keys)
        {
            WriteText(key);
            WriteNumber((uint)metadata[key].Type);
            WriteBytes(metadata[key].Payload.Span);
        }

        long offset = 0;
        foreach (var tensor in _tensors)
        {
            WriteText(tensor.Name);
            WriteNumber((uint)tensor.Dimensions.Count);
            foreach (var size in tensor.Dimensions)
            {
                WriteNumber((ulong)size);
            }

            WriteNumber((uint)tensor.Type);
            WriteNumber((ulong)offset);
            offset = GgufFile.Align(offset + tensor.SizeBytes, _alignment);
        }

        Pad();
    }

    private void StartTensor() => _tensorBytesLeft = _tensor < _tensors.Count ? _tensors[_tensor].SizeBytes : 0;

    private void Pad()
    {
        while (_position % _alignment != 0)
        {
            WriteBytes([0]);
        }
    }

    private void WriteText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteNumber((ulong)bytes.Length);
        WriteBytes(bytes);
    }

    private void WriteNumber(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        WriteBytes(bytes);
    }

    private void WriteNumber(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        WriteBytes(bytes);
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _position += bytes.Length;
    }
}
