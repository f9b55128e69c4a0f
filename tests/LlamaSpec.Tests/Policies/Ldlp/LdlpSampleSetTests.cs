using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Tests.Policies.Ldlp;

public class LdlpSampleSetTests
{
    [Test]
    public void SamplesComeBackNormalised()
    {
        var samples = new LdlpSampleSet(2, 3);
        for (var i = 0; i < 1500; i++)
        {
            samples.Add([3 + i, 4 + i], [0, -i - 1], [1, 0.5f, 0.25f], i / 100);
        }

        var input = new float[4];
        var survival = new float[3];
        samples.ReadInput(1499, input);
        samples.ReadSurvival(1499, survival);
        var scale = MathF.Sqrt(((1502f * 1502) + (1503f * 1503)) / 2);
        Assert.That(input, Is.EqualTo([1502 / scale, 1503 / scale, 0, -MathF.Sqrt(2)]).Within(1e-3));
        Assert.That(survival, Is.EqualTo([1, 0.5f, 0.25f]));
        Assert.That((samples.Label(1499), samples.Prompt(1499), samples.Count), Is.EqualTo((1.75f, 14, 1500)));
    }

    [Test]
    public void MemoryIsBounded()
    {
        var samples = new LdlpSampleSet(2, 1, byteLimit: 16);
        Assert.That(samples.Add([1, 2], [3, 4], [1], 0), Is.True);
        Assert.That(samples.Add([1, 2], [3, 4], [1], 0), Is.True);
        Assert.That(samples.IsFull, Is.True);
        Assert.That(samples.Add([1, 2], [3, 4], [1], 0), Is.False);
        Assert.That(samples.Count, Is.EqualTo(2));
    }

    [Test]
    public void RowsOfAnotherLengthAreRefused()
    {
        var samples = new LdlpSampleSet(2, 1);
        Assert.That(() => samples.Add([1], [3, 4], [1], 0), Throws.ArgumentException);
        Assert.That(() => samples.Add([1, 2], [3], [1], 0), Throws.ArgumentException);
        Assert.That(() => samples.Add([1, 2], [3, 4], [1, 1], 0), Throws.ArgumentException);
    }
}
