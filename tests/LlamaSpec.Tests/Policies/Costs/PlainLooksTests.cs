using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Policies.Costs;

public class PlainLooksTests
{
    [Test]
    public void WithoutAProfileTheIntervalsDoubleWithEverySecondLook()
    {
        var looks = new PlainLooks(isCalibrated: false);
        int[] intervals = [.. Enumerable.Range(0, 18).Select(_ => StepsUntilDue(looks, 4))];
        Assert.That(intervals, Is.EqualTo([0, 1, 2, 2, 4, 4, 8, 8, 16, 16, 32, 32, 64, 64, 128, 128, 256, 256]));
    }

    [Test]
    public void EachNumberOfRequestsIsLookedAtForItself()
    {
        var looks = new PlainLooks(isCalibrated: false);
        looks.Add(1, isLook: true);
        Assert.That(looks.IsDue(1), Is.False);
        Assert.That(looks.IsDue(2), Is.True, "nobody knows what two take");
        looks.Add(2, isLook: true);
        looks.Add(2, isLook: false);
        Assert.That(looks.IsDue(2), Is.True);
        Assert.That(looks.IsDue(1), Is.False);
    }

    [Test]
    public void WithAProfileEveryTwoHundredAndFiftySixthStepIsALook() =>
        Assert.That(StepsUntilDue(new PlainLooks(isCalibrated: true), 8), Is.EqualTo(256));

    private static int StepsUntilDue(PlainLooks looks, int requests)
    {
        var steps = 0;
        for (; !looks.IsDue(requests); steps++)
        {
            looks.Add(requests, isLook: false);
        }

        looks.Add(requests, isLook: true);
        return steps;
    }
}
