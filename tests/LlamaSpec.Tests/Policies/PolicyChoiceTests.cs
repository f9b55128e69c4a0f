using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class PolicyChoiceTests
{
    [TestCase("off", "off")]
    [TestCase("adaedl", "adaedl")]
    [TestCase("adaedl:0.7", "adaedl:0.7")]
    [TestCase("adaedl:0", "adaedl:0")]
    [TestCase("adaedl:1", "adaedl:1")]
    [TestCase("adaedl:0.4", "adaedl")]
    [TestCase("fixed:1", "fixed:1")]
    [TestCase("fixed:64", "fixed:64")]
    [TestCase("  Fixed:4 ", "fixed:4")]
    [TestCase("OFF", "off")]
    [TestCase("tree", "tree")]
    [TestCase("tree:2", "tree:2x4")]
    [TestCase("tree:3x5", "tree:3x5")]
    [TestCase("tree:3x5x15", "tree:3x5")]
    [TestCase("tree:3x5x9", "tree:3x5x9")]
    [TestCase("TREE:8x64", "tree:8x64")]
    public void NamesMakeTheRoundTrip(string text, string name)
    {
        var choice = PolicyChoice.Parse(text);
        Assert.That(choice.Name, Is.EqualTo(name));
        Assert.That(choice.ToString(), Is.EqualTo(name));
        Assert.That(PolicyChoice.Parse(choice.Name), Is.EqualTo(choice));
    }

    [TestCase("")]
    [TestCase("auto:1")]
    [TestCase("automatic")]
    [TestCase("fixed")]
    [TestCase("fixed:")]
    [TestCase("fixed:0")]
    [TestCase("fixed:65")]
    [TestCase("fixed:-1")]
    [TestCase("fixed:2.5")]
    [TestCase("fixed:4:4")]
    [TestCase("adaedl:")]
    [TestCase("adaedl:1.1")]
    [TestCase("adaedl:-0.1")]
    [TestCase("adaedl:nan")]
    [TestCase("adaedl:0,4x")]
    [TestCase("off:1")]
    [TestCase("tree:")]
    [TestCase("tree:1")]
    [TestCase("tree:9")]
    [TestCase("tree:3x")]
    [TestCase("tree:3x0")]
    [TestCase("tree:3x65")]
    [TestCase("tree:3x5x4")]
    [TestCase("tree:3x5x65")]
    [TestCase("tree:3x5x6x7")]
    [TestCase("tree:3x-5")]
    [TestCase("tree:3:5")]
    public void OtherNamesAreRefusedWithWhatToUse(string text) =>
        Assert.That(
            () => PolicyChoice.Parse(text),
            Throws.InstanceOf<FormatException>().With.Message.StartsWith($"\"{text}\" is not a policy").And.Message.Contains(PolicyChoice.Syntax)
                .And.Message.Contains("from 1 to 64"));

    [TestCase(0)]
    [TestCase(65)]
    public void AFixedLengthOutOfRangeIsNamed(int length) =>
        Assert.That(() => PolicyChoice.Fixed(length), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("length must be from 1 to 64"));

    [TestCase(-0.1)]
    [TestCase(1.5)]
    [TestCase(double.NaN)]
    public void AThresholdOutOfRangeIsNamed(double threshold) =>
        Assert.That(
            () => PolicyChoice.AdaEdlFrom(threshold),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("initialThreshold must be from 0 to 1"));

    [TestCase(1, 4, 4, "width must be from 2 to 8")]
    [TestCase(3, 0, 4, "depth must be from 1 to 64")]
    [TestCase(3, 5, 4, "nodeCount must be from 5 to 64")]
    public void ATreeOutOfRangeIsNamed(int width, int depth, int nodeCount, string message) =>
        Assert.That(() => PolicyChoice.Tree(width, depth, nodeCount), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(message));

    [Test]
    public void ATreeDeeperThanTheEnginesDraftsIsRefusedAndTheDefaultFits()
    {
        Assert.That(() => PolicyChoice.Parse("tree:3x5").ThrowIfLongerThan(4), Throws.ArgumentException.With.Message.Contains("a depth of 4"));
        Assert.That(() => PolicyChoice.Parse("tree").ThrowIfLongerThan(2), Throws.Nothing);
    }

    [Test]
    public void ChoicesAreEqualByName()
    {
        Assert.That(PolicyChoice.Fixed(4), Is.EqualTo(PolicyChoice.Parse("fixed:4")));
        Assert.That(PolicyChoice.Fixed(4).GetHashCode(), Is.EqualTo(PolicyChoice.Parse("fixed:4").GetHashCode()));
        Assert.That(PolicyChoice.Fixed(4), Is.Not.EqualTo(PolicyChoice.Fixed(5)));
        Assert.That(PolicyChoice.AdaEdl, Is.Not.EqualTo(PolicyChoice.Off));
    }

    [Test]
    public void EveryRequestGetsAPolicyOfItsOwn()
    {
        var first = PolicyChoice.AdaEdl.Create(PolicyProgress.Context);
        Assert.That(PolicyChoice.AdaEdl.Create(PolicyProgress.Context), Is.Not.SameAs(first));
    }

    [Test]
    public void OffNeverPaysForAPass() =>
        Assert.That(PolicyChoice.Off.Create(PolicyProgress.Context).BeforePass(PolicyProgress.After(0)), Is.False);
}
