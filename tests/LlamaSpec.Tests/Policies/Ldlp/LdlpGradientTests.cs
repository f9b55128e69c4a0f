using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

public class LdlpGradientTests
{
    private const int Count = 3;
    private static readonly LdlpShape Shape = new(5, 7);

    [Test]
    public void TheGradientIsThatOfTheLossForEveryParameter()
    {
        var random = new Random(3);
        var network = Network(random);
        var parameters = Parameters(random);
        float[] outputGradients = [1, -2, 0.5f];
        network.Forward(parameters, Count);
        var gradient = new float[Shape.ParameterCount];
        network.Backward(parameters, outputGradients, gradient);
        for (var i = 0; i < parameters.Length; i++)
        {
            // Central differences of a float32 network: the step is large, so that rounding stays below it.
            const float Step = 0.01f;
            var kept = parameters[i];
            parameters[i] = kept + Step;
            var above = Loss(network, parameters, outputGradients);
            parameters[i] = kept - Step;
            var below = Loss(network, parameters, outputGradients);
            parameters[i] = kept;
            Assert.That((above - below) / (2 * Step), Is.EqualTo(gradient[i]).Within(2e-3), $"parameter {i}");
        }

        Assert.That(gradient.Count(static value => Math.Abs(value) > 1e-2), Is.GreaterThan(gradient.Length / 3));
    }

    [Test]
    public void BackwardAddsToWhatIsThere()
    {
        var random = new Random(4);
        var network = Network(random);
        var parameters = Parameters(random);
        network.Forward(parameters, Count);
        var once = new float[Shape.ParameterCount];
        network.Backward(parameters, [1, 1, 1], once);
        var twice = (float[])once.Clone();
        network.Backward(parameters, [1, 1, 1], twice);
        Assert.That(twice, Is.EqualTo(once.Select(static value => 2 * value)).Within(1e-4));
    }

    [Test]
    public void ABatchGivesWhatThePredictorGives()
    {
        var random = new Random(5);
        var parameters = Parameters(random);
        parameters[^1] = 3;
        var survival = new LdlpSurvivalTable(8, new float[72], new int[9]);
        var network = new LdlpNetwork(new LdlpWeights(Shape, parameters, SyntheticSamples.Origin, LdlpEvaluation.Nothing, survival));
        var batch = new LdlpGradient(Shape, Count);
        var expected = new float[Count];
        for (var i = 0; i < Count; i++)
        {
            float[] embedding = [.. Enumerable.Range(0, 5).Select(_ => random.NextSingle() - 0.5f)];
            float[] hiddenRow = [.. Enumerable.Range(0, 5).Select(_ => 30 * random.NextSingle())];
            LdlpInput.Write(embedding, hiddenRow, batch.Input(i));
            expected[i] = network.Predict(embedding, hiddenRow);
        }

        Assert.That(batch.Forward(parameters, Count).ToArray(), Is.EqualTo(expected).Within(1e-5));
        Assert.That(expected, Is.All.InRange(0.1f, 7.9f));
        Assert.That(expected.Distinct().Count(), Is.EqualTo(Count));
    }

    private static LdlpGradient Network(Random random)
    {
        var network = new LdlpGradient(Shape, Count + 1);
        for (var sample = 0; sample < Count; sample++)
        {
            foreach (ref var value in network.Input(sample))
            {
                value = (random.NextSingle() * 2) - 1;
            }
        }

        return network;
    }

    private static float[] Parameters(Random random) => [.. Enumerable.Range(0, Shape.ParameterCount).Select(_ => random.NextSingle() - 0.5f)];

    private static double Loss(LdlpGradient network, float[] parameters, float[] outputGradients)
    {
        var lengths = network.Forward(parameters, Count);
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
        {
            sum += (double)outputGradients[i] * lengths[i];
        }

        return sum;
    }
}
