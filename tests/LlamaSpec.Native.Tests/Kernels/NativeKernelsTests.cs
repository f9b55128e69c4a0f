using LlamaSpec.Native.Kernels;
using LlamaSpec.Sampling;

namespace LlamaSpec.Native.Tests.Kernels;

/// <summary>Every instruction set of this processor against the managed specification.</summary>
[NonParallelizable] // the choice of instruction set is process-wide
[TestFixtureSource(typeof(InstructionSets), nameof(InstructionSets.OfTheArchitecture))]
public class NativeKernelsTests(int instructions)
{
    private const float Masked = float.NegativeInfinity;

    private readonly ManagedKernels _managed = new();
    private readonly NativeKernels _native = new();

    [OneTimeSetUp]
    public void ChooseInstructions() =>
        Assume.That(NativeKernels.TryChooseInstructions(instructions), Is.True, "This processor lacks the instruction set.");

    [OneTimeTearDown]
    public void ChooseBestInstructions() => NativeKernels.TryChooseInstructions(-1);

    private static IEnumerable<TestCaseData> Rows()
    {
        foreach (var length in (int[])[0, 1, 2, 7, 15, 16, 17, 63, 64, 65, 513, 1025, 8192, 49152])
        {
            var random = new Random(length);
            yield return Row("random", length, _ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 8);
            yield return Row("equal", length, _ => 1.5f);
            yield return Row("ties", length, _ => random.Next(4) - 1);
            yield return Row("zeros of both signs", length, _ => random.Next(2) == 0 ? 0f : -0f);
            yield return Row("peaked", length, column => (column == length / 2 ? 25f : 0f) + random.Next(3));
            yield return Row("mostly masked", length, _ => random.Next(10) > 0 ? Masked : random.Next(50) / 8f);
            yield return Row("masked", length, _ => Masked);
            yield return Row("one NaN", length, column => column == length / 2 ? float.NaN : 1f);
            yield return Row("one +infinity", length, column => column == length - 1 ? float.PositiveInfinity : Masked);
            yield return Row("huge", length, _ => (random.Next(3) - 1) * 3e38f);
            yield return Row("denormal", length, _ => (random.Next(99) - 50) * 1e-44f);
        }

        static TestCaseData Row(string name, int length, Func<int, float> logit)
        {
            var row = new float[length];
            for (var column = 0; column < length; column++)
            {
                row[column] = logit(column);
            }

            return new TestCaseData(row).SetArgDisplayNames($"{name}, {length} columns");
        }
    }

    [TestCaseSource(nameof(Rows))]
    public void RowStatisticsAgree(float[] row)
    {
        var topCount = Math.Min(40, row.Length);
        var (columns, wantedColumns) = (new int[topCount], new int[topCount]);
        var (logits, wantedLogits) = (new float[topCount], new float[topCount]);
        foreach (var inverseTemperature in (float[])[0.1f, 1f, 1.4285715f, 10f])
        {
            var isValid = _native.TryRowStatistics(row, inverseTemperature, columns, logits, out var seen);

            Assert.That(isValid, Is.EqualTo(_managed.TryRowStatistics(row, inverseTemperature, wantedColumns, wantedLogits, out var wanted)));
            Assert.That(_native.ArgMax(row), Is.EqualTo(_managed.ArgMax(row)));
            if (isValid)
            {
                Assert.That(seen.Maximum, Is.EqualTo(wanted.Maximum));
                Assert.That(seen.ArgMax, Is.EqualTo(wanted.ArgMax));
                Assert.That(seen.LogSumExp, Is.EqualTo(wanted.LogSumExp).Within(2e-6 + 1e-12 * Math.Abs(wanted.LogSumExp)));
                Assert.That(seen.Entropy, Is.EqualTo(wanted.Entropy).Within(1e-5 * wanted.Entropy + 1e-20));
                Assert.That(columns, Is.EqualTo(wantedColumns));
                Assert.That(logits, Is.EqualTo(wantedLogits));
            }
        }
    }

    [TestCaseSource(nameof(Rows))]
    public void SoftmaxAgrees(float[] row)
    {
        if (!_managed.TryRowStatistics(row, 1.25f, [], [], out var statistics))
        {
            return;
        }

        var (seen, wanted) = (new float[row.Length], new float[row.Length]);
        _native.Softmax(row, 1.25f, statistics.LogSumExp, seen);
        _managed.Softmax(row, 1.25f, statistics.LogSumExp, wanted);

        for (var column = 0; column < row.Length; column++)
        {
            // The float32 exponent carries an error that grows with it.
            var exponent = wanted[column] > 0 ? Math.Abs(Math.Log(wanted[column])) : 0;
            Assert.That(seen[column], Is.EqualTo(wanted[column]).Within(wanted[column] * (2e-6 + 4e-7 * exponent) + 1.2e-38));
        }
    }

    [TestCase(1)]
    [TestCase(17)]
    [TestCase(8192)]
    public void ResidualAgreesToTheBit(int length)
    {
        var random = new Random(length);
        var target = Enumerable.Range(0, length).Select(_ => random.NextSingle()).ToArray();
        var draft = Enumerable.Range(0, length).Select(_ => random.NextSingle()).ToArray();
        var (seen, wanted) = (new float[length], new float[length]);
        foreach (var targetScale in (double[])[0, 0.7, 1])
        {
            var seenMass = _native.Residual(target, targetScale, draft, seen);
            var wantedMass = _managed.Residual(target, targetScale, draft, wanted);

            Assert.That(seen, Is.EqualTo(wanted));
            Assert.That(seenMass, Is.EqualTo(wantedMass).Within(1e-12 * wantedMass));
        }
    }

    [TestCase(1)]
    [TestCase(17)]
    [TestCase(8192)]
    public void SampleAgreesOnWholeWeights(int length)
    {
        // Sums of whole numbers are exact, so the order of adding does not matter.
        var random = new Random(length);
        var weights = Enumerable.Range(0, length).Select(_ => (float)Math.Max(0, random.Next(-3, 5))).ToArray();
        for (var draw = 0; draw < 500; draw++)
        {
            var uniform = draw / 500.0;

            Assert.That(_native.Sample(weights, uniform), Is.EqualTo(_managed.Sample(weights, uniform)));
        }
    }

    [TestCase(0f)]
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(-1f)]
    public void AWeightThatIsNoneIsNotDrawn(float bad)
    {
        Assert.That(_native.Sample([bad, bad], 0.5), Is.EqualTo(-1));
        Assert.That(_native.Sample([], 0.5), Is.EqualTo(-1));
    }

    [Test]
    public void BadArgumentsAreRefusedWithAMessage()
    {
        var row = new float[2];

        Assert.That(() => _native.TryRowStatistics(row, 0, [], [], out _), Throws.InvalidOperationException.With.Message.Contains("inverse_temperature"));
        Assert.That(() => _native.TryRowStatistics(row, 1, new int[3], new float[3], out _), Throws.InvalidOperationException.With.Message.Contains("top_count"));
        Assert.That(() => _native.Sample(row, 1), Throws.InvalidOperationException.With.Message.Contains("uniform"));
        Assert.That(() => _native.TryRowStatistics(row, 1, new int[1], new float[2], out _), Throws.ArgumentException);
        Assert.That(() => _native.Softmax(row, 1, 0, new float[1]), Throws.ArgumentException);
        Assert.That(() => _native.Residual(row, 1, row, new float[1]), Throws.ArgumentException);
        Assert.That(() => _native.Residual(row, 1, new float[1], row), Throws.ArgumentException);
    }

    [Test]
    public void TheInstructionSetIsTheOneChosen()
    {
        Assert.That(_native.InstructionSet, Is.EqualTo(((string[])["scalar", "avx2", "avx512", "neon"])[instructions]));
    }

    [Test]
    public void NoCallAllocates()
    {
        var row = Enumerable.Range(0, 2000).Select(column => column % 37 / 8f).ToArray();
        var output = new float[row.Length];
        var topColumns = new int[40];
        var topLogits = new float[40];
        Run();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Run()
        {
            _native.TryRowStatistics(row, 1f, topColumns, topLogits, out var statistics);
            _native.Softmax(row, 1f, statistics.LogSumExp, output);
            _native.Residual(output, 0.5, row, output);
            _native.Sample(row, 0.5);
            _native.ArgMax(row);
        }
    }
}
