using LlamaSpec.Gguf;
using LlamaSpec.Measuring.WideModels;
using LlamaSpec.Models;

namespace LlamaSpec.Measuring.Tests.WideModels;

public sealed class ModelWidenerTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void MatricesGrowAndMetadataFollow()
    {
        var source = new TinyModel().Save(_folder["tiny.gguf"]);
        var wide = Widen(source, TensorType.Q8_0, 192);

        string[] expected =
        [
            "token_embd.weight [192 x 128] Q8_0", "output.weight [192 x 128] Q8_0", "output_norm.weight [192] F32",
            "blk.0.attn_norm.weight [192] F32", "blk.0.attn_q.weight [192 x 192] Q8_0", "blk.0.attn_k.weight [192 x 96] Q8_0",
            "blk.0.attn_v.weight [192 x 96] Q8_0", "blk.0.attn_output.weight [192 x 192] Q8_0", "blk.0.ffn_norm.weight [192] F32",
            "blk.0.ffn_gate.weight [192 x 288] Q8_0", "blk.0.ffn_up.weight [192 x 288] Q8_0", "blk.0.ffn_down.weight [288 x 192] Q8_0",
        ];
        Assert.That(wide.Tensors.Select(static tensor => tensor.ToString()).Take(12), Is.EqualTo(expected));
        Assert.That(wide.Metadata.Text("general.name"), Is.EqualTo("tiny, widened from 64 to 192"));
        Assert.That(wide.Metadata.Integer("general.file_type"), Is.EqualTo(7));
        Assert.That(LlamaShape.Read(wide) with { Epsilon = 0 }, Is.EqualTo(LlamaShape.Read(source).Widen(192) with { Epsilon = 0 }));
        Assert.That(wide.Metadata.Keys.Take(source.Metadata.Keys.Count), Is.EqualTo(source.Metadata.Keys), "nothing is lost");
    }

    // The norms' weights are rounded once more, and what then falls to the other side in the F16 KV cache moves logits of size 2 by 0.01.
    [TestCase(64, 0f)]
    [TestCase(128, 0.03f)]
    [TestCase(192, 0.03f)]
    [TestCase(256, 0f, TestName = "At four times the width the norms scale by powers of two and no bit changes")]
    public void AWidenedModelComputesTheSame(int width, float tolerance)
    {
        var source = new TinyModel().Save(_folder["tiny.gguf"]);
        var wide = Widen(source, TensorType.F32, width);

        var difference = LogitCheck.Compare(source.Path, wide.Path, threadCount: 1, CancellationToken.None);

        Assert.That(difference.Maximum, Is.LessThanOrEqualTo(tolerance));
        Assert.That((difference.RowCount, difference.ArgmaxAgreement), Is.EqualTo((96, 1d)));
    }

    [Test]
    public void WithoutTheScaledEpsilonTheLogitsWouldDiffer()
    {
        var source = new TinyModel().Save(_folder["tiny.gguf"]);
        var wide = Widen(source, TensorType.F32, 128, widener => widener.Metadata.Set("llama.attention.layer_norm_rms_epsilon", GgufValue.Of(1e-5f)));

        var difference = LogitCheck.Compare(source.Path, wide.Path, threadCount: 1, CancellationToken.None);

        Assert.That(LogitBounds.Problem(difference, TensorType.Q8_0), Is.Not.Null, difference.ToString());
    }

    [Test]
    public void FourBitBlocksAreCopiedAsTheyAre()
    {
        var source = GgufReader.Read(Path.Combine(AppContext.BaseDirectory, "models", "target.gguf"));
        var wide = Widen(source, TensorType.Q4_0, 768);
        using var original = File.OpenRead(source.Path);
        using var copy = File.OpenRead(wide.Path);
        foreach (var name in (string[])["token_embd.weight", "blk.3.attn_k.weight", "blk.7.ffn_down.weight"])
        {
            var (from, to) = (source.Tensors.Single(tensor => tensor.Name == name), wide.Tensors.Single(tensor => tensor.Name == name));
            foreach (var row in (long[])[0, 1, from.RowCount / 2, from.RowCount - 1])
            {
                Assert.That(Row(copy, wide, to, row)[..(int)from.RowSizeBytes], Is.EqualTo(Row(original, source, from, row)), $"{name}, row {row}");
            }
        }
    }

    [Test]
    public void TensorsThatNobodyKnowsAreRefused()
    {
        var biased = new TinyModel().With("blk.0.attn_q.bias", TinyModel.Width).Save(_folder["tiny.gguf"]);
        Assert.That(
            () => new ModelWidener(biased, TensorType.Q8_0, 128),
            Throws.TypeOf<ModelFailureException>().With.Message.Contains("blk.0.attn_q.bias").And.Message.Contains("dense llama model"));
    }

    [Test]
    public void TensorsThatContradictTheMetadataAreRefused()
    {
        var broken = new TinyModel().With("blk.1.ffn_down.weight", 64, 64).Save(_folder["tiny.gguf"]);
        Assert.That(
            () => new ModelWidener(broken, TensorType.Q8_0, 128),
            Throws.TypeOf<ModelFailureException>().With.Message.Contains("blk.1.ffn_down.weight [64 x 64]").And.Message.Contains("should have 96 where it has 64"));
    }

    private static byte[] Row(FileStream stream, GgufFile file, GgufTensor tensor, long row)
    {
        var bytes = new byte[tensor.RowSizeBytes];
        stream.Position = file.DataStart + tensor.Offset + (row * bytes.Length);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private GgufFile Widen(GgufFile source, TensorType type, int width, Action<ModelWidener>? change = null)
    {
        var path = _folder["wide.gguf"];
        var widener = new ModelWidener(source, type, width);
        change?.Invoke(widener);
        using (var stream = File.Create(path))
        {
            widener.Write(stream, static _ => { }, CancellationToken.None);
        }

        return GgufReader.Read(path);
    }
}
