using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Systems;

public sealed class LlamaServerSettingTests
{
    [TestCase("none", "llama-server plain")]
    [TestCase("draft", "llama-server n_max 2, llama-server n_max 5")]
    [TestCase("ngram-simple", "llama-server ngram-simple")]
    [TestCase("ngram-mod:8/4", "llama-server ngram-mod:8/4")]
    public void ItsLabelIsWhatWasAsked(string text, string names) =>
        Assert.That(string.Join(", ", LlamaServerSetting.Parse(text, [2, 5]).Select(static one => one.Label.Name)), Is.EqualTo(names));

    [Test]
    public void AllNGramsAreEveryKindAtItsDefaultsAndOnceTuned()
    {
        string[] names = [.. LlamaServerSetting.Parse("ngram", []).Select(static one => one.Name)];
        Assert.That(names.Where(static name => !name.Contains(':')), Is.EqualTo((string[])["ngram-simple", "ngram-map-k", "ngram-map-k4v", "ngram-mod", "ngram-cache"]));
        Assert.That(names.Where(static name => name.Contains(':')).Select(static name => name.Split(':')[0]), Is.EqualTo((string[])["ngram-simple", "ngram-map-k", "ngram-map-k4v", "ngram-mod"]));
        Assert.That(names.SelectMany(static name => LlamaServerSetting.Parse(name, [])), Is.EqualTo(LlamaServerSetting.AllNGrams), "each name gives the setting again");
    }

    [Test]
    public void OnlyADraftModelNeedsAFileAndOnlyWhatRemembersNeedsAFreshServer()
    {
        var settings = (string[])["none", "draft", "ngram-simple", "ngram-map-k", "ngram-map-k4v", "ngram-mod:4/4", "ngram-cache"];
        Assert.That(
            settings.Select(static text => LlamaServerSetting.Parse(text, [3]).Single()).Select(static one => (one.NeedsDraft, one.NeedsFreshServer)),
            Is.EqualTo((IEnumerable<(bool, bool)>)[(false, false), (true, false), (false, false), (false, true), (false, true), (false, true), (false, true)]));
    }

    [TestCase("simple", "\"simple\" is not a setting of llama-server. Use one of: none (plain decoding), draft")]
    [TestCase("", "is not a setting of llama-server")]
    [TestCase("ngram-mod:8", "\"ngram-mod:8\" needs two lengths from 1 to 1024, tokens to find again and most tokens of a draft: write ngram-mod:4/8.")]
    [TestCase("ngram-mod:0/8", "needs two lengths")]
    [TestCase("ngram-mod:8/1025", "needs two lengths")]
    [TestCase("ngram-mod:8/x", "needs two lengths")]
    [TestCase("ngram-cache:4/8", "cannot be measured: ngram-cache takes no lengths.")]
    [TestCase("ngram-simple:8/4", "cannot be measured: ngram-simple drafts nothing where LENGTH is below MATCH.")]
    public void AnErrorTeaches(string text, string message) =>
        Assert.That(() => LlamaServerSetting.Parse(text, []), Throws.TypeOf<FormatException>().With.Message.Contains(message));
}
