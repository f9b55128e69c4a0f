using LlamaSpec.Measuring.Systems;
using LlamaSpec.Policies;

namespace LlamaSpec.Measuring.Tests.Systems;

public sealed class MeasuredPolicyTests
{
    [TestCase("auto", "auto", null)]
    [TestCase("auto@suffix", "auto@suffix", "suffix")]
    [TestCase("fixed:4@ngram", "fixed:4@ngram", "ngram")]
    [TestCase("AdaEDL:0.3@ Model", "adaedl:0.3@model", "model")]
    [TestCase("auto@auto", "auto@auto", "auto")]
    [TestCase("fixed:2@none", "fixed:2@none", "none")]
    [TestCase("auto@trigram", "auto@trigram", "trigram")]
    public void ItsLabelNamesThePolicyAndTheDrafter(string text, string name, string? drafter)
    {
        var policy = MeasuredPolicy.Parse(text);
        Assert.That((policy.Label.Name, policy.Label.Drafter, policy.Label.PlainName, policy.Label.IsPolicy), Is.EqualTo((name, drafter, "plain", true)));
        Assert.That(policy.Policy, Is.EqualTo(PolicyChoice.Parse(text.Split('@')[0])));
    }

    [TestCase("fixed:4", 4)]
    [TestCase("fixed:12@suffix", 12)]
    [TestCase("auto@suffix", null)]
    public void AFixedLengthIsOneWithAnyDrafter(string text, int? length) => Assert.That(MeasuredPolicy.Parse(text).Label.FixedLength, Is.EqualTo(length));

    [TestCase("auto@", "\"auto@\" names no drafter behind the @. Use one of: auto, model, suffix, ngram, trigram, free, none.")]
    [TestCase("auto@sufix", "\"auto@sufix\" names no drafter")]
    [TestCase("auto@suffix@ngram", "names no drafter")]
    [TestCase("@suffix", "\"\" is not a policy")]
    [TestCase("fixed:0@suffix", "\"fixed:0\" is not a policy")]
    public void AnErrorTeaches(string text, string message) =>
        Assert.That(() => MeasuredPolicy.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains(message));

    [TestCase("auto@model", true)]
    [TestCase("auto", false)]
    [TestCase("auto@suffix", false)]
    public void OnlyTheModelNeedsADraft(string text, bool needsDraft) => Assert.That(MeasuredPolicy.Parse(text).NeedsDraft, Is.EqualTo(needsDraft));

    [Test]
    public void ThreeLlamaServersAreToldApart() => Assert.That(
        ((SystemLabel[])[SystemLabel.PlainServer, SystemLabel.DraftingServer(2), SystemLabel.NGramServer("ngram-mod:4/4", "ngram-mod"), SystemLabel.Policy("auto", "ngram")])
            .Select(static label => (label.IsNGramServer, label.IsPolicy, label.Drafter)),
        Is.EqualTo((IEnumerable<(bool, bool, string?)>)[(false, false, null), (false, false, "model"), (true, false, "ngram-mod"), (false, true, "ngram")]));
}
