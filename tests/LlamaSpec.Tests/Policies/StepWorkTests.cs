using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class StepWorkTests
{
    [Test]
    public void TheRoundsOfAStepAddUp()
    {
        var work = new StepWork { Step = 7 }
            .With(PolicyProgress.Round(3, 2) with { PassCount = 4, MissingRows = 2, BranchRows = 1 })
            .With(PolicyProgress.Round(0, 0) with { MissingRows = 90 })
            .With(PolicyProgress.Round(1, 1) with { PassCount = 1, MissingRows = 1 });
        Assert.That(work, Is.EqualTo(new StepWork(Step: 7, Tokens: 3 + 1 + 2, DraftingRequests: 2, Passes: 4, PassRows: 5, CatchUpRows: 1, BranchRows: 1)));
    }

    [Test]
    public void WhereOneRoundIsKnownTheOthersDidTheSame()
    {
        var work = StepWork.Like(PolicyProgress.Round(2, 1) with { PassCount = 2, MissingRows = 3, ConcurrentRequests = 4 });
        Assert.That(work, Is.EqualTo(new StepWork(Step: 0, Tokens: 8, DraftingRequests: 4, Passes: 2, PassRows: 8, CatchUpRows: 8, BranchRows: 0)));
    }
}
