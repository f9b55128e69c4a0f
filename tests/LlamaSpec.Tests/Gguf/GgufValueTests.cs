using LlamaSpec.Gguf;

namespace LlamaSpec.Tests.Gguf;

internal sealed class GgufValueTests
{
    private static readonly (GgufValueType Type, byte[] Bytes, long? Value)[] Integers =
    [
        (GgufValueType.UInt8, [200], 200),
        (GgufValueType.Int8, [0x9C], -100),
        (GgufValueType.UInt16, BitConverter.GetBytes((ushort)60000), 60000),
        (GgufValueType.Int16, BitConverter.GetBytes((short)-30000), -30000),
        (GgufValueType.UInt32, BitConverter.GetBytes(4000000000), 4000000000),
        (GgufValueType.Int32, BitConverter.GetBytes(-2000000000), -2000000000),
        (GgufValueType.UInt64, BitConverter.GetBytes((ulong)long.MaxValue), long.MaxValue),
        (GgufValueType.UInt64, BitConverter.GetBytes(ulong.MaxValue), null),
        (GgufValueType.Int64, BitConverter.GetBytes(long.MinValue), long.MinValue),
        (GgufValueType.Float32, BitConverter.GetBytes(1f), null),
        (GgufValueType.Bool, [1], null),
    ];

    [TestCaseSource(nameof(Integers))]
    public void WholeNumbersOfEveryWidthAreRead((GgufValueType Type, byte[] Bytes, long? Value) integer) =>
        Assert.That(new GgufValue(integer.Type, integer.Bytes).AsInteger(), Is.EqualTo(integer.Value));

    [Test]
    public void AnArrayOfInt32IsRead()
    {
        byte[] items = [7, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
        Assert.That(SmallGguf.Array(GgufValueType.Int32, 3, items).AsInt32Array(), Is.EqualTo((int[])[7, -1, int.MaxValue]));
        Assert.That(SmallGguf.Array(GgufValueType.Int32, 0, []).AsInt32Array(), Is.Empty);
    }

    [Test]
    public void AnArrayHasAsManyValuesAsBytesWhateverItClaims() =>
        Assert.That(SmallGguf.Array(GgufValueType.Int32, 1L << 40, [7, 0, 0, 0]).AsInt32Array(), Is.EqualTo((int[])[7]));

    [Test]
    public void OtherValuesAreNoArrayOfInt32()
    {
        Assert.That(SmallGguf.Array(GgufValueType.UInt32, 1, [7, 0, 0, 0]).AsInt32Array(), Is.Null);
        Assert.That(SmallGguf.Array(GgufValueType.Float32, 1, [7, 0, 0, 0]).AsInt32Array(), Is.Null);
        Assert.That(GgufValue.Of("text").AsInt32Array(), Is.Null);
        Assert.That(GgufValue.Of(7u).AsInt32Array(), Is.Null);
    }
}
