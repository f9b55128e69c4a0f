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
