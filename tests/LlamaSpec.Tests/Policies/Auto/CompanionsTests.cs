using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class CompanionsTests
{
    [Test]
    public void AtFirstAllAreExpectedToShareEveryPass()
    {
        var companions = new Companions();
        Assert.That(companions.Sharing(8, 0), Is.EqualTo(8));
        Assert.That(companions.Sharing(8, 5), Is.EqualTo(8));
        Assert.That(companions.Sharing(1, 0), Is.EqualTo(1));
    }

    [Test]
    public void WhoSeldomWantsToDraftLeavesTheOthersToPay()
    {
        var companions = new Companions();
        for (var round = 0; round < 1000; round++)
        {
            companions.Add(8, pass: 0, wants: round % 4 == 0);
        }

        Assert.That(companions.Sharing(8, 0), Is.EqualTo(1 + (7 * 0.25)).Within(0.5));
    }

    [Test]
    public void TheFurtherThePassTheFewerAreLeft()
    {
        var companions = new Companions();
        for (var round = 0; round < 1000; round++)
        {
            companions.Add(5, pass: 0, wants: true);
            companions.Add(5, pass: 1 + (round % 3), wants: round % 2 == 0);
        }

        Assert.That(companions.Sharing(5, 0), Is.EqualTo(5).Within(0.01));
        Assert.That(companions.Sharing(5, 1), Is.EqualTo(3).Within(0.2));
        Assert.That(companions.Sharing(5, 2), Is.EqualTo(2).Within(0.2));
    }

    [Test]
    public void ARequestAloneTeachesNothing()
    {
        var companions = new Companions();
        for (var round = 0; round < 100; round++)
        {
            companions.Add(1, pass: 0, wants: false);
        }

        Assert.That(companions.Sharing(8, 0), Is.EqualTo(8));
    }
}
