using System.Security.Cryptography;
using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

public class LdlpWeightsTests
{
    // Offsets of the format: magic, version, hidden size, width, longest length, temperature, texts.
    private const int HiddenSizeOffset = 8;
    private const int TextOffset = 24;

    private static readonly LdlpWeights Trained =
        LdlpTrainer.Train(SyntheticSamples.Rule(300), SyntheticSamples.Origin with { Temperature = 0.5f }, SyntheticSamples.Quick with { Epochs = 2, Width = 6 });

    [Test]
    public void AFileGivesBackWhatWasSaved()
    {
        var bytes = SyntheticSamples.Save(Trained);
        var loaded = LdlpWeights.Load(new MemoryStream(bytes));
        Assert.That((loaded.HiddenSize, loaded.Width, loaded.LongestLength), Is.EqualTo((12, 6, 4)));
        Assert.That(loaded.Origin, Is.EqualTo(Trained.Origin));
        Assert.That(loaded.Figures, Is.EqualTo(Trained.Figures));
        Assert.That(loaded.Survival.Counts.ToArray(), Is.EqualTo(Trained.Survival.Counts.ToArray()));
        Assert.That(loaded.Survival.For(2).ToArray(), Is.EqualTo(Trained.Survival.For(2).ToArray()));
        Assert.That(SyntheticSamples.Save(loaded), Is.EqualTo(bytes));
        var row = SyntheticSamples.Row(new Random(9));
        Assert.That(new LdlpNetwork(loaded).Predict(row, row), Is.EqualTo(new LdlpNetwork(Trained).Predict(row, row)));
        Assert.That(bytes, Has.Length.LessThan(1000 + (2 * 300)), "16 bits a weight");
    }

    [Test]
    public void WeightsThatNeedThirtyTwoBitsKeepThem()
    {
        var parameters = Trained.Parameters.Select(static value => value + 1e-6f).ToArray();
        var weights = new LdlpWeights(Trained.Shape, parameters, Trained.Origin, Trained.Figures, Trained.Survival);
        Assert.That(LdlpWeights.Load(new MemoryStream(SyntheticSamples.Save(weights))).Parameters, Is.EqualTo(parameters));
    }

    [Test]
    public void EveryFlippedBitIsNoticed()
    {
        var bytes = SyntheticSamples.Save(Trained);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            Assert.That(() => LdlpWeights.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>(), $"byte {i}");
            bytes[i] ^= 0x10;
        }
    }

    [Test]
    public void EveryTruncationIsNoticed()
    {
        var bytes = SyntheticSamples.Save(Trained);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(() => LdlpWeights.Load(new MemoryStream(bytes, 0, length)), Throws.TypeOf<InvalidDataException>(), $"{length} bytes");
        }

        Assert.That(() => LdlpWeights.Load(new MemoryStream([.. bytes, 0])), Throws.TypeOf<InvalidDataException>());
    }

    [TestCase(HiddenSizeOffset, "hidden size")]
    [TestCase(HiddenSizeOffset + 4, "width")]
    [TestCase(HiddenSizeOffset + 8, "longest length")]
    [TestCase(HiddenSizeOffset + 12, "temperature")]
    public void ASizeOutOfRangeIsNamedThoughTheChecksumIsRight(int offset, string name)
    {
        foreach (var value in new[] { -1, 0x7fffffff })
        {
            var bytes = Changed(content => BitConverter.TryWriteBytes(content.AsSpan(offset), value));
            Assert.That(() => LdlpWeights.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>().With.Message.Contains(name));
        }
    }

    [Test]
    public void ATextBeyondItsLimitIsNamed()
    {
        var bytes = Changed(static content => BitConverter.TryWriteBytes(content.AsSpan(TextOffset), (ushort)257));
        Assert.That(() => LdlpWeights.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("fingerprint"));
    }

    [Test]
    public void ALargerNetworkThanTheFileHoldsIsNotAllocated()
    {
        var bytes = Changed(static content => BitConverter.TryWriteBytes(content.AsSpan(HiddenSizeOffset), 32_768));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => LdlpWeights.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("bytes of weights"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    [Test]
    public void AWeightThatIsNoNumberIsNamed()
    {
        var bytes = Changed(static content => BitConverter.TryWriteBytes(content.AsSpan(content.Length - 2), Half.NaN));
        Assert.That(() => LdlpWeights.Load(new MemoryStream(bytes)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("not a number"));
    }

    [Test]
    public void ForeignFilesAndOtherVersionsAreNamed()
    {
        Assert.That(() => LdlpWeights.Load(new MemoryStream("GGUF and more than eight bytes"u8.ToArray())), Throws.TypeOf<InvalidDataException>().With.Message.Contains("LSLDLP"));
        var other = Changed(static content => content[6] = 2);
        Assert.That(() => LdlpWeights.Load(new MemoryStream(other)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("version 2"));
    }

    // The content changed, with a checksum that fits again.
    private static byte[] Changed(Action<byte[]> change)
    {
        var content = SyntheticSamples.Save(Trained)[..^LdlpFormat.ChecksumBytes];
        change(content);
        return [.. content, .. SHA256.HashData(content)];
    }
}
