using System.Text;

namespace LlamaSpec.Native.Tests;

/// <summary>Writes small GGUF version 3 files, so that tests need no other model than the embedded pair.</summary>
internal sealed class GgufWriter
{
    private const int Alignment = 32;

    private readonly List<Action<BinaryWriter>> _values = [];
    private readonly List<(string Name, int Columns, int Rows)> _tensors = [];

    public GgufWriter Add(string key, uint value) => AddValue(key, 4, file => file.Write(value));

    public GgufWriter Add(string key, int value) => AddValue(key, 5, file => file.Write(value));

    public GgufWriter Add(string key, float value) => AddValue(key, 6, file => file.Write(value));

    public GgufWriter Add(string key, long value) => AddValue(key, 11, file => file.Write(value));

    public GgufWriter Add(string key, string value) => AddValue(key, 8, file => WriteText(file, value));

    public GgufWriter Add(string key, int[] values) => AddArray(key, 5, values, static (file, value) => file.Write(value));

    public GgufWriter Add(string key, float[] values) => AddArray(key, 6, values, static (file, value) => file.Write(value));

    public GgufWriter Add(string key, string[] values) => AddArray(key, 8, values, WriteText);

    /// <summary>A float32 tensor; vectors are ones, matrices small noise.</summary>
    public GgufWriter AddTensor(string name, int columns, int rows = 1)
    {
        _tensors.Add((name, columns, rows));
        return this;
    }

    public void Save(string path)
    {
        using var file = new BinaryWriter(File.Create(path), Encoding.UTF8);
        file.Write("GGUF"u8);
        file.Write(3);
        file.Write((long)_tensors.Count);
        file.Write((long)_values.Count);
        _values.ForEach(write => write(file));
        long offset = 0;
        foreach (var (name, columns, rows) in _tensors)
        {
            WriteText(file, name);
            file.Write(rows == 1 ? 1 : 2);
            file.Write((long)columns);
            if (rows > 1)
            {
                file.Write((long)rows);
            }

            file.Write(0); // F32
            file.Write(offset);
            offset = Padded(offset + (4L * columns * rows));
        }

        foreach (var (_, columns, rows) in _tensors)
        {
            Pad(file);
            WriteWeights(file, columns, rows);
        }

        Pad(file);
    }

    private static void WriteWeights(BinaryWriter file, int columns, int rows)
    {
        var state = 1u;
        for (var i = 0; i < columns * rows; i++)
        {
            state = (state * 1664525) + 1013904223;
            file.Write(rows == 1 ? 1f : (int)state / 2147483648f * 0.1f);
        }
    }

    private static long Padded(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    private static void Pad(BinaryWriter file)
    {
        file.Flush();
        file.Write(new byte[Padded(file.BaseStream.Position) - file.BaseStream.Position]);
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    private GgufWriter AddValue(string key, int type, Action<BinaryWriter> write)
    {
        _values.Add(file =>
        {
            WriteText(file, key);
            file.Write(type);
            write(file);
        });
        return this;
    }

    private GgufWriter AddArray<T>(string key, int type, T[] values, Action<BinaryWriter, T> write) => AddValue(key, 9, file =>
    {
        file.Write(type);
        file.Write((long)values.Length);
        Array.ForEach(values, value => write(file, value));
    });
}
