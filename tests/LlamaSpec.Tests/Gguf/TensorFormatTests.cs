using System.Buffers.Binary;
using LlamaSpec.Gguf;
using LlamaSpec.Models;

namespace LlamaSpec.Tests.Gguf;

internal sealed class TensorFormatTests
{
    private static readonly TensorType[] Types = [TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q8_0];

    // F16: 1 is 0x3C00, and bytes are little-endian.
    private static readonly byte[] One = [0x00, 0x3C];

    [Test]
    public void Q4LevelsPairTheTwoHalvesOfABlock()
    {
        // -8 has the largest magnitude, so the scale is 1 and level 0 is its own.
        float[] values = [.. Enumerable.Range(-8, 16), .. Enumerable.Range(-8, 16).Reverse()];
        byte[] block = [.. One, .. Enumerable.Range(0, 16).Select(static i => (byte)(i | ((15 - i) << 4)))];
        AssertBlock(TensorType.Q4_0, values, block, values);
    }

    [Test]
    public void AQ4ScaleIsNegativeWhenThePositiveSideIsLarger()
    {
        // Scale -1; -8 would need level 16, which there is not.
        float[] values = [8, -8, 7.4f, 7.6f, -7.4f, .. new float[27]];
        byte[] block = [0x00, 0xBC, 0x80, 0x8F, 0x81, 0x80, 0x8F, .. Enumerable.Repeat((byte)0x88, 11)];
        AssertBlock(TensorType.Q4_0, values, block, [8, -7, 7, 8, -7, .. new float[27]]);
    }

    [Test]
    public void Q4WithAMinimumCountsLevelsFromIt()
    {
        float[] values = [.. Enumerable.Range(-2, 16), .. Enumerable.Range(-2, 16).Reverse()];
        byte[] block = [.. One, 0x00, 0xC0, .. Enumerable.Range(0, 16).Select(static i => (byte)(i | ((15 - i) << 4)))];
        AssertBlock(TensorType.Q4_1, values, block, values);
    }

    [Test]
    public void Q8LevelsAreRoundedAwayFromZero()
    {
        float[] values = [127, -127, 63.5f, -63.5f, 0.5f, -0.49f, .. new float[26]];
        byte[] block = [.. One, 127, 0x81, 64, 0xC0, 1, .. new byte[27]];
        AssertBlock(TensorType.Q8_0, values, block, [127, -127, 64, -64, 1, .. new float[27]]);
    }

    [TestCase(1f, 0x3F80)]
    [TestCase(-2f, 0xC000)]
    [TestCase(1 + (1 / 256f), 0x3F80, TestName = "a tie goes down to even")]
    [TestCase(1 + (3 / 256f), 0x3F82, TestName = "a tie goes up to even")]
    [TestCase(1 + (1 / 256f) + (1 / 65536f), 0x3F81, TestName = "above the tie")]
    [TestCase(float.MaxValue, 0x7F80, TestName = "the largest number rounds to infinity")]
    public void Bfloat16IsRoundedToNearestEven(float value, int bits)
    {
        var block = new byte[2];
        TensorFormats.Of(TensorType.BF16).Quantise([value], block);
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(block), Is.EqualTo(bits));
    }

    [Test]
    public void NotANumberStaysNotANumber([Values(TensorType.F32, TensorType.F16, TensorType.BF16)] TensorType type)
    {
        // The lowest bit of the fraction alone: cut off, it would leave infinity.
        Assert.That(RoundTrip(TensorFormats.Of(type), [BitConverter.UInt32BitsToSingle(0x7F800001)])[0], Is.NaN);
    }

    [TestCaseSource(nameof(Types))]
    public void ValuesMoveByHalfALevelAtMost(TensorType type)
    {
        var format = TensorFormats.Of(type);
        var values = Noise(32 * 50);
        var result = RoundTrip(format, values);
        for (var start = 0; start < values.Length; start += 32)
        {
            var block = values[start..(start + 32)];
            var largest = block.Max(Math.Abs);
            for (var i = 0; i < 32; i++)
            {
                var allowed = type switch
                {
                    TensorType.F32 => 0,
                    TensorType.F16 => Math.Abs(block[i]) / 2048,
                    TensorType.BF16 => Math.Abs(block[i]) / 256,
                    TensorType.Q8_0 => largest / 127 / 2,
                    TensorType.Q4_1 => (block.Max() - block.Min()) / 15 / 2,
                    _ => largest / 8, // a whole level, for the missing level 16
                };

                // The scale itself is rounded to 11 bits, and the farthest level is multiplied by it.
                Assert.That(result[start + i], Is.EqualTo(block[i]).Within(allowed + (type == TensorType.F32 ? 0 : largest / 1024)));
            }
        }
    }

    [TestCaseSource(nameof(Types))]
    public void QuantisingTwiceChangesNothing(TensorType type)
    {
        var format = TensorFormats.Of(type);
        var once = RoundTrip(format, Noise(320));
        Assert.That(RoundTrip(format, once), Is.EqualTo(once));
    }

    [TestCaseSource(nameof(Types))]
    public void ZerosStayZeros(TensorType type) => Assert.That(RoundTrip(TensorFormats.Of(type), new float[64]), Is.All.Zero);

    [TestCase(TensorType.F32, 576, 2304)]
    [TestCase(TensorType.BF16, 576, 1152)]
    [TestCase(TensorType.Q4_0, 576, 324)]
    [TestCase(TensorType.Q4_1, 576, 360)]
    [TestCase(TensorType.Q8_0, 576, 612)]
    [TestCase(TensorType.Q8_0, 33, 68)]
    public void RowsAreWholeBlocks(TensorType type, int valueCount, int sizeBytes) =>
        Assert.That(TensorFormats.Of(type).RowSizeBytes(valueCount), Is.EqualTo(sizeBytes));

    [Test]
    public void AnUnknownTypeIsNamed() =>
        Assert.That(() => TensorFormats.Of(TensorType.Q6_K), Throws.TypeOf<ModelFailureException>().With.Message.Contains("type Q6_K").And.Message.Contains("Q4_1"));

    private static void AssertBlock(TensorType type, float[] values, byte[] block, float[] dequantised)
    {
        var format = TensorFormats.Of(type);
        var bytes = new byte[format.BlockSizeBytes];
        format.Quantise(values, bytes);
        Assert.That(bytes, Is.EqualTo(block));
        var back = new float[format.BlockLength];
        format.Dequantise(block, back);
        Assert.That(back, Is.EqualTo(dequantised));
    }

    private static float[] RoundTrip(TensorFormat format, float[] values)
    {
        var blocks = new byte[format.RowSizeBytes(values.Length)];
        var result = new float[values.Length];
        format.Quantise(values, blocks);
        format.Dequantise(blocks, result);
        return result;
    }

    private static float[] Noise(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }
}
