using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

public class LdlpScalingTests
{
    private static readonly LdlpShape Shape = new(4, 6);

    [Test]
    public void InputsComeToMeanZeroAndDeviationOne()
    {
        var samples = Samples();
        var scaling = new LdlpScaling(samples, Chosen);
        var inputs = Chosen.Select(sample => Scaled(samples, scaling, sample)).ToArray();
        for (var i = 0; i < 8; i++)
        {
            var mean = inputs.Average(input => input[i]);
            Assert.That(mean, Is.Zero.Within(0.01));

            // Less than 1 where the mean is large beside the deviation: on purpose.
            Assert.That(Math.Sqrt(inputs.Average(input => Math.Pow(input[i] - mean, 2))), Is.InRange(i == 4 ? 0.05 : 0.7, 1.01), $"input {i}");
        }
    }

    [Test]
    public void FoldedParametersDoToPlainInputsWhatTheOthersDoToScaledOnes()
    {
        var samples = Samples();
        var scaling = new LdlpScaling(samples, Chosen);
        var random = new Random(1);
        float[] parameters = [.. Enumerable.Range(0, Shape.ParameterCount).Select(_ => random.NextSingle() - 0.5f)];
        var network = new LdlpGradient(Shape, 1);
        foreach (var sample in Chosen.Take(20))
        {
            Scaled(samples, scaling, sample).CopyTo(network.Input(0));
            var expected = network.Forward(parameters, 1)[0];
            samples.ReadInput(sample, network.Input(0));
            Assert.That(network.Forward(scaling.Fold(Shape, parameters), 1)[0], Is.EqualTo(expected).Within(1e-3));
            Assert.That(network.Forward(parameters, 1)[0], Is.Not.EqualTo(expected).Within(1e-3));
        }
    }

    private static int[] Chosen { get; } = [.. Enumerable.Range(0, 200)];

    // The first value of a hidden row is large and hardly varies, as in the rows of real models.
    private static LdlpSampleSet Samples()
    {
        var random = new Random(2);
        var samples = new LdlpSampleSet(4, 1);
        for (var i = 0; i < 200; i++)
        {
            samples.Add(
                [random.NextSingle(), random.NextSingle(), random.NextSingle() - 2, 1], [5 + random.NextSingle(), random.NextSingle(), random.NextSingle(), -random.NextSingle()], [1], i);
        }

        return samples;
    }

    private static float[] Scaled(LdlpSampleSet samples, LdlpScaling scaling, int sample)
    {
        var input = new float[8];
        samples.ReadInput(sample, input);
        scaling.Apply(input);
        return input;
    }
}
