using LlamaSpec.Engine;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Engine;

public class SpeculativeEngineOptionsTests
{
    // 8 sequences, 256 rows in a batch, 4096 cells.
    private static readonly MarkovModelRunner Target = MarkovModelRunner.Random(4, seed: 1, cellCapacity: 4096);

    private static readonly SpeculativeEngineOptions Defaults = new();

    [OneTimeTearDown]
    public void TearDown() => Target.Dispose();

    public static IEnumerable<TestCaseData> OutOfRange()
    {
        yield return new(Defaults with { ConcurrentRequests = 0 }, "ConcurrentRequests must be from 1 to 64, but is 0");
        yield return new(Defaults with { ConcurrentRequests = 9 }, "ConcurrentRequests must be from 1 to 8, but is 9");
        yield return new(Defaults with { ContextLength = 1 }, "ContextLength must be from 2 to 16777216");
        yield return new(Defaults with { ContextLength = 4097 }, "ContextLength must be from 2 to 4096");
        yield return new(Defaults with { MaximumDraftLength = -1 }, "MaximumDraftLength must be from 0 to 64");
        yield return new(Defaults with { MaximumDraftLength = 65 }, "MaximumDraftLength must be from 0 to 64");
        yield return new(Defaults with { QueueCapacity = 0 }, "QueueCapacity must be from 1 to 65536");
        yield return new(Defaults with { QueueCapacity = 65537 }, "QueueCapacity must be from 1 to 65536");
        yield return new(Defaults with { Policy = null! }, "Policy");
        yield return new(
            Defaults with { ConcurrentRequests = 4, MaximumDraftLength = 64 },
            "4 requests with drafts of 64 tokens need 260 rows in a step, but the target's context takes 256. Lower ConcurrentRequests or MaximumDraftLength");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void AValueOutOfRangeIsNamedWithItsRange(SpeculativeEngineOptions options, string message) =>
        Assert.That(() => options.Validate(Target), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    [Test]
    public void TheEndsOfEveryRangeAreValid()
    {
        var smallest = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 2, MaximumDraftLength = 0, QueueCapacity = 1 };
        var largest = new SpeculativeEngineOptions { ConcurrentRequests = 8, ContextLength = 4096, MaximumDraftLength = 31, QueueCapacity = 65536 };
        Assert.That(() => smallest.Validate(Target), Throws.Nothing);
        Assert.That(() => largest.Validate(Target), Throws.Nothing);
        Assert.That(() => Defaults.Validate(Target), Throws.Nothing);
    }

    [Test]
    public void AnEngineIsNotStartedWithOptionsThatDoNotFit()
    {
        using var target = MarkovModelRunner.Random(4, seed: 1);
        Assert.That(() => TestEngine.Create(target, null, Defaults with { ConcurrentRequests = 9 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(target.IsDisposed, Is.False, "the caller still owns the target");
    }
}
