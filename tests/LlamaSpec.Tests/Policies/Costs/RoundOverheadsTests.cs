using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Policies.Costs;

public class RoundOverheadsTests
{
    [Test]
    public void SeveralRequestsAreLearnedByWhatEachTakesAndEachDraftAdds()
    {
        var overheads = new RoundOverheads(0);
        for (var step = 0; step < 300; step++)
        {
            overheads.Observe(requests: 4, draftingRequests: 0, milliseconds: 0.8, verifyMilliseconds: 10);
            overheads.Observe(requests: 4, draftingRequests: 3, milliseconds: 0.8 + (3 * 0.5), verifyMilliseconds: 12);
        }

        Assert.That(overheads.Plain(4), Is.EqualTo(0.8).Within(1).Percent);
        Assert.That(overheads.Plain(2), Is.EqualTo(0.4).Within(1).Percent);
        Assert.That(overheads.OfDraft(4), Is.EqualTo(0.5).Within(1).Percent);
        Assert.That((overheads.Plain(1), overheads.OfDraft(1)), Is.EqualTo((0.0, 0.0)), "a request alone is another matter");
    }

    [Test]
    public void AStepThatWasHeldUpAddsAHundredthOfADecode()
    {
        var overheads = new RoundOverheads(0);
        overheads.Observe(requests: 2, draftingRequests: 0, milliseconds: 500, verifyMilliseconds: 10);
        Assert.That(overheads.Plain(2), Is.EqualTo(0.1 * 0.01 * 10).Within(1e-9));
    }
}
