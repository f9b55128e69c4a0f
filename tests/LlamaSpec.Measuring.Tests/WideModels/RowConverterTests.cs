using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;

namespace LlamaSpec.Measuring.Tests.WideModels;

public sealed class RowConverterTests
{
    private static readonly TensorFormat Q40 = TensorFormats.Of(TensorType.Q4_0);
    private static readonly TensorFormat Q80 = TensorFormats.Of(TensorType.Q8_0);
    private static readonly TensorFormat F32 = TensorFormats.Of(TensorType.F32);

    [Test]
    public void BlocksOfTheSameFormatAreCopied()
    {
        var row = RandomBlocks();
        var wide = new RowConverter(Q40, 64, Q40, 96).Convert(row).ToArray();
        Assert.That(wide[..36], Is.EqualTo(row));
        Assert.That(Values(Q40, wide[36..]), Is.EqualTo(new float[32]));
    }

    [Test]
    public void FourBitLevelsBecomeBytesWithoutALoss()
    {
        var row = RandomBlocks();
        var wide = new RowConverter(Q40, 64, Q80, 96).Convert(row).ToArray();
        Assert.That(Values(Q80, wide), Is.EqualTo((float[])[.. Values(Q40, row), .. new float[32]]));
    }

    [Test]
    public void ABlockMayEndInZeros()
    {
        float[] values = [.. Enumerable.Range(1, 40)];
        var wide = new RowConverter(F32, 40, Q80, 96).Convert(Bytes(values)).ToArray();
        Assert.That(Values(Q80, wide)[..40], Is.EqualTo(values).Within(0.2));
        Assert.That(Values(Q80, wide)[40..], Is.All.Zero);
    }

    [Test]
    public void RowsDoNotLeakIntoTheNext()
    {
        var converter = new RowConverter(F32, 3, F32, 5, scale: 0.5);
        Assert.That(Values(F32, converter.Convert(Bytes([2, 4, 6])).ToArray()), Is.EqualTo((float[])[1, 2, 3, 0, 0]));
        Assert.That(Values(F32, converter.Convert(Bytes([0, 0, 8])).ToArray()), Is.EqualTo((float[])[0, 0, 4, 0, 0]));
        Assert.That(Values(F32, converter.EmptyRow.ToArray()), Is.EqualTo(new float[5]));
    }

    private static byte[] Bytes(float[] values)
    {
        var bytes = new byte[F32.RowSizeBytes(values.Length)];
        F32.Quantise(values, bytes);
        return bytes;
    }

    private static float[] Values(TensorFormat format, byte[] blocks)
    {
        var values = new float[blocks.Length / format.BlockSizeBytes * format.BlockLength];
        format.Dequantise(blocks, values);
        return values;
    }

    // Two blocks of any levels, with the scales 0.0117 and -0.75, and no level 0 in the first: no quantiser would have written it.
    private static byte[] RandomBlocks()
    {
        var random = new Random(5);
        var levels = new byte[32];
        random.NextBytes(levels);
        return [0xFE, 0x21, .. levels[..16].Select(static pair => (byte)(pair | 0x11)), 0x00, 0xBA, .. levels[16..]];
    }
}
