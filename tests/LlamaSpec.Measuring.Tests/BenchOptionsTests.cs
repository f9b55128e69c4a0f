using LlamaSpec.Engine;
using LlamaSpec.Gguf;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Native;
using LlamaSpec.Policies;

namespace LlamaSpec.Measuring.Tests;

public sealed class BenchOptionsTests
{
    private readonly BenchOptions _options = new()
    {
        Pair = new ModelPairOptions
        {
            DraftPath = "draft.gguf", TargetThreadCount = 3, DraftThreadCount = 2, Engine = new SpeculativeEngineOptions { ContextLength = 777 },
        },
        Prompts = [],
        PromptsName = "built-in",
        Temperatures = [0],
        Policies = [new MeasuredPolicy(PolicyChoice.AdaEdl)],
    };

    [TestCase(FastRows.Auto)]
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
            Assert.That((options.Engine.ConcurrentRequests, options.Engine.ContextLength), Is.EqualTo((1, 777)));
        }
    }

    [TestCase("fixed:3,adaedl", 16)]
    [TestCase("fixed:20,fixed:3", 20)]
    [TestCase("fixed:3,fixed:24@suffix", 24)]
    public void DraftsHaveRoomForTheLongestPolicy(string policies, int length)
    {
        var options = _options with { Policies = [.. policies.Split(',').Select(MeasuredPolicy.Parse)] };
        Assert.That(options.PairOptions("target.gguf", FastRows.On, drafts: true).Engine.MaximumDraftLength, Is.EqualTo(length));
    }

    [Test]
    public void OptionsThatContradictEachOtherAreRefused()
    {
        var oracle = _options with { MeasuresOracle = true, AcceptedRuns = static _ => static (_, _) => [] };
        Assert.That(_options.Validate, Throws.Nothing);
        Assert.That(oracle.Validate, Throws.Nothing);
        (BenchOptions Options, string Part)[] wrong =
        [
            (_options with { Pair = new ModelPairOptions(), Policies = [MeasuredPolicy.Parse("auto@model")] }, "A policy with @model needs a draft: name one with --draft"),
            (oracle with { Pair = new ModelPairOptions() }, "The oracle tells what a draft model would be worth"),
            (_options with { ServerPath = "llama-server" }, "--server-spec must name"),
            (_options with { ServerPath = "llama-server", ServerSettings = [LlamaServerSetting.Drafting(2)] }, "name one with --server-draft"),
            (_options with { Policies = [] }, "at least one policy"),
            (oracle with { Temperatures = [0.7f] }, "temperature 0 alone"),
            (oracle with { AcceptedRuns = null }, "nothing here records"),
            (_options with { WidenedType = TensorType.Q8_0, RequantisedType = TensorType.F16 }, "--requantize"),
            (_options with { MeasuresStock = true, Pair = _options.Pair with { FastRows = FastRows.Off } }, "--stock"),
            (_options with { ServerDraftPath = "full.gguf" }, "--against llama-server"),
        ];
        foreach (var (options, part) in wrong)
        {
            Assert.That(options.Validate, Throws.ArgumentException.With.Message.Contains(part));
        }
    }

    [Test]
    public void WithoutADraftTheSamePoliciesAreMeasuredOverTheTargetAlone()
    {
        foreach (var pair in (ModelPairOptions[])[new ModelPairOptions { TargetPath = "t.gguf" }, _options.Pair with { UseDraft = false }])
        {
            var options = _options with { Pair = pair, Policies = [MeasuredPolicy.Parse("auto"), MeasuredPolicy.Parse("fixed:4@suffix")] };
            Assert.That(options.Validate, Throws.Nothing);
            var loaded = options.PairOptions("target.gguf", FastRows.Auto, drafts: true);
            Assert.That((options.HasDraft, loaded.UseDraft, loaded.RequireDraft), Is.EqualTo((false, false, false)));
        }
    }

    [Test]
    public void TheDefaultPoliciesAreValid() => Assert.That(() => BenchDefaults.Policies.Split(',').Select(PolicyChoice.Parse).ToArray(), Throws.Nothing);
}
