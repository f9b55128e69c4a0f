using LlamaSpec.Benchmarks.EndToEnd;
using LlamaSpec.Native;
using LlamaSpec.Policies;

namespace LlamaSpec.Benchmarks.Tests.EndToEnd;

public sealed class EndToEndOptionsTests
{
    private readonly EndToEndOptions _options = new() { PromptsPath = "prompts.jsonl", DraftPath = "draft.gguf", TargetThreadCount = 3, DraftThreadCount = 2 };

    [TestCase(FastRows.On)]
    [TestCase(FastRows.Off)]
    public void AnEngineHasTheRowsAndTheDraftThatItsNameSays(FastRows rows)
    {
        var drafting = _options.PairOptions("target.gguf", rows, drafts: true);
        Assert.That((drafting.FastRows, drafting.UseDraft, drafting.RequireDraft), Is.EqualTo((rows, true, true)));
        var plain = _options.PairOptions("target.gguf", rows, drafts: false);
        Assert.That((plain.FastRows, plain.UseDraft, plain.RequireDraft), Is.EqualTo((rows, false, false)));
        foreach (var options in (ModelPairOptions[])[drafting, plain])
        {
            Assert.That((options.TargetPath, options.DraftPath, options.TargetThreadCount, options.DraftThreadCount), Is.EqualTo(("target.gguf", "draft.gguf", 3, 2)));
            Assert.That((options.Engine.ConcurrentRequests, options.Engine.ContextLength), Is.EqualTo((1, 2048)));
        }
    }

    [TestCase("fixed:3,adaedl", 8)]
    [TestCase("fixed:12,fixed:3", 12)]
    public void DraftsHaveRoomForTheLongestPolicy(string policies, int length)
    {
        var options = _options with { Policies = [.. policies.Split(',').Select(PolicyChoice.Parse)] };
        Assert.That(options.PairOptions("target.gguf", FastRows.On, drafts: true).Engine.MaximumDraftLength, Is.EqualTo(length));
    }

    [Test]
    public void TheDefaultsAreValid() => Assert.That(new EndToEndOptions { PromptsPath = "prompts.jsonl" }.Validate, Throws.Nothing);
}
