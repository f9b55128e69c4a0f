using LlamaSpec.Sampling;

namespace LlamaSpec.Tests.Sampling;

public class ManagedKernelsTests
{
    private const float Masked = float.NegativeInfinity;
    private const double AlmostOne = 1 - 1.0 / (1L << 53);

    private readonly ManagedKernels _kernels = new();

    private static IEnumerable<TestCaseData> ValidRows()
    {
        foreach (var length in (int[])[1, 2, 7, 8, 16, 17, 511, 512, 513, 1000, 8192])
        {
            var random = new Random(length);
            yield return Row("normal", length, _ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 8);
            yield return Row("equal", length, _ => -2.5f);
            yield return Row("ties", length, _ => random.Next(4) - 1);
            yield return Row("zeros of both signs", length, _ => random.Next(2) == 0 ? 0f : -0f);
            yield return Row("ascending", length, column => column / 64f);
            yield return Row("descending", length, column => -column / 64f);
            yield return Row("peaked", length, column => (column == length / 2 ? 25f : 0f) + random.Next(3));
            yield return Row("mostly masked", length, column => column > 0 && random.Next(10) > 0 ? Masked : random.Next(50) / 8f);
            yield return Row("one finite", length, column => column == length - 1 ? 1e30f : Masked);
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

    [TestCaseSource(nameof(ValidRows))]
    public void RowStatisticsMatchTheirDefinition(float[] row)
    {
        foreach (var inverseTemperature in (float[])[0.1f, 1f, 1.4285715f, 10f, 1e30f])
        {
            var isValid = _kernels.TryRowStatistics(row, inverseTemperature, [], [], out var statistics);
            var argMax = Enumerable.Range(0, row.Length).First(column => row[column] == row.Max());
            var exponents = row.Where((_, column) => column != argMax && row[column] != Masked)
                .Select(logit => inverseTemperature * ((double)logit - row[argMax])).ToArray();
            var others = exponents.Sum(Math.Exp);
            // Math.Log(1 + x) alone would lose a small x.
            var logSum = others < 1e-5 ? others - others * others / 2 : Math.Log(1 + others);
            var entropy = logSum - exponents.Sum(z => z * Math.Exp(z)) / (1 + others);
            var logSumExp = (double)inverseTemperature * row[argMax] + logSum;

            Assert.That(isValid, Is.True);
            Assert.That(statistics.Maximum, Is.EqualTo(row[argMax]));
            Assert.That(statistics.ArgMax, Is.EqualTo(argMax));
            Assert.That(statistics.LogSumExp, Is.EqualTo(logSumExp).Within(2e-6 + 1e-12 * Math.Abs(logSumExp)));
            Assert.That(statistics.Entropy, Is.EqualTo(entropy).Within(1e-5 * entropy + 1e-20));
            Assert.That(_kernels.ArgMax(row), Is.EqualTo(argMax));
        }
    }

    [TestCaseSource(nameof(ValidRows))]
    public void TopEntriesAreTheFirstOfASortedRow(float[] row)
    {
        var columns = Enumerable.Range(0, row.Length).OrderByDescending(column => row[column]).ToArray();
        foreach (var count in ((int[])[1, 2, 40, row.Length]).Where(count => count <= row.Length))
        {
            var topColumns = new int[count];
            var topLogits = new float[count];
            _kernels.TryRowStatistics(row, 1f, topColumns, topLogits, out _);

            Assert.That(topColumns, Is.EqualTo(columns[..count]));
            Assert.That(topLogits, Is.EqualTo(columns[..count].Select(column => row[column])));
        }
    }

    [TestCaseSource(nameof(ValidRows))]
    public void SoftmaxMatchesItsDefinitionAndSumsToOne(float[] row)
    {
        foreach (var inverseTemperature in (float[])[0.1f, 1f, 10f])
        {
            if (Math.Abs((double)inverseTemperature * row.Max()) > 1e9)
            {
                continue; // log-sum-exp no longer holds the sum beside the maximum
            }

            _kernels.TryRowStatistics(row, inverseTemperature, [], [], out var statistics);
            var probabilities = new float[row.Length];
            _kernels.Softmax(row, inverseTemperature, statistics.LogSumExp, probabilities);

            Assert.That(probabilities.Sum(probability => (double)probability), Is.EqualTo(1).Within(3e-6));
            for (var column = 0; column < row.Length; column++)
            {
                var exponent = inverseTemperature * (double)row[column] - statistics.LogSumExp;
                var wanted = Math.Exp(exponent);
                var tolerance = wanted == 0 ? 0 : wanted * (1.5e-6 + 3e-7 * Math.Abs(exponent)) + 1.2e-38;
                Assert.That(probabilities[column], Is.EqualTo(wanted).Within(tolerance));
            }
        }
    }

    [Test]
    public void ANotANumberOrInfinityAnywhereMakesTheRowInvalid(
        [Values(1, 7, 17, 600)] int length, [Values(float.NaN, float.PositiveInfinity)] float bad, [Values(0.5f, Masked)] float filler)
    {
        for (var column = 0; column < length; column++)
        {
            var row = new float[length];
            row.AsSpan().Fill(filler);
            row[column] = bad;

            Assert.That(_kernels.TryRowStatistics(row, 1f, new int[1], new float[1], out _), Is.False);
            Assert.That(_kernels.ArgMax(row), Is.EqualTo(-1));
        }
    }

    [Test]
    public void ARowWithNothingToChooseFromIsInvalid([Values(0, 1, 20)] int length)
    {
        var row = Enumerable.Repeat(Masked, length).ToArray();

        Assert.That(_kernels.TryRowStatistics(row, 1f, [], [], out _), Is.False);
        Assert.That(_kernels.ArgMax(row), Is.EqualTo(-1));
    }

    [Test]
    public void ResidualKeepsWhatTheTargetHasMoreOf()
    {
        float[] target = [0.5f, 0.25f, 0.25f, 0f];
        float[] draft = [0.25f, 0.5f, 0.125f, 0.125f];
        var residual = new float[4];

        Assert.That(_kernels.Residual(target, 1, draft, residual), Is.EqualTo(0.375));
        Assert.That(residual, Is.EqualTo((float[])[0.25f, 0f, 0.125f, 0f]));
        Assert.That(_kernels.Residual(target, 0.75, draft, residual), Is.EqualTo(0.1875));
        Assert.That(residual, Is.EqualTo((float[])[0.125f, 0f, 0.0625f, 0f]));
        Assert.That(_kernels.Residual(target, 0, draft, residual), Is.Zero);
    }

    [TestCase(new float[] { 1 })]
    [TestCase(new float[] { 0, 4 })]
    [TestCase(new float[] { 3, 0, 0, 1 })]
    [TestCase(new float[] { 0, 1, 0, 5, 2, 0 })]
    public void EachColumnIsDrawnInProportionToItsWeight(float[] weights)
    {
        const int Steps = 256;
        var counts = new int[weights.Length];
        for (var step = 0; step < Steps; step++)
        {
            counts[_kernels.Sample(weights, step / (double)Steps)]++;
        }

        Assert.That(counts, Is.EqualTo(weights.Select(weight => (int)(weight * Steps / weights.Sum()))));
    }

    [TestCase(new float[] { 0, 0, 2, 0, 3, 0 }, 0.0, 2)]
    [TestCase(new float[] { 0, 0, 2, 0, 3, 0 }, AlmostOne, 4)]
    [TestCase(new float[] { 0, float.Epsilon, 0 }, AlmostOne, 1)]
    [TestCase(new float[] { float.MaxValue, float.MaxValue, 0 }, AlmostOne, 1)]
    [TestCase(new float[] { 0, 0 }, 0.5, -1)]
    [TestCase(new float[] { }, 0.5, -1)]
    [TestCase(new float[] { 1, float.NaN }, 0.0, -1)]
    [TestCase(new float[] { 1, float.PositiveInfinity }, 0.0, -1)]
    [TestCase(new float[] { 1, -1e-30f }, 0.0, -1)]
    public void SampleNeverDrawsAWeightOfZero(float[] weights, double uniform, int column)
    {
        Assert.That(_kernels.Sample(weights, uniform), Is.EqualTo(column));
    }

    [Test]
    public void BadArgumentsAreRefused()
    {
        var row = new float[2];
        foreach (var bad in (float[])[0, -1, float.NaN, float.PositiveInfinity])
        {
            Assert.That(() => _kernels.TryRowStatistics(row, bad, [], [], out _), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _kernels.Softmax(row, bad, 0, row), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _kernels.Sample(row, bad == 0 ? 1 : bad), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => _kernels.Residual(row, bad == 0 ? -0.5 : bad, row, row), Throws.InstanceOf<ArgumentException>());
        }

        Assert.That(() => _kernels.TryRowStatistics(row, 1, new int[3], new float[3], out _), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _kernels.TryRowStatistics(row, 1, new int[1], new float[2], out _), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _kernels.Softmax(row, 1, double.NaN, row), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _kernels.Softmax(row, 1, 0, new float[1]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _kernels.Residual(row, 1, new float[1], row), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _kernels.Residual(row, 1, row, new float[1]), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void NoCallAllocates()
    {
        var row = Enumerable.Range(0, 2000).Select(column => column % 37 / 8f).ToArray();
        var output = new float[row.Length];
        var topColumns = new int[40];
        var topLogits = new float[40];
        var draws = 0;
        Run();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(draws, Is.Positive);

        void Run()
        {
            _kernels.TryRowStatistics(row, 1f, topColumns, topLogits, out var statistics);
            _kernels.Softmax(row, 1f, statistics.LogSumExp, output);
            _kernels.Residual(output, 0.5, row, output);
            draws += _kernels.Sample(row, 0.5) + _kernels.ArgMax(row);
        }
    }
}
