using LlamaSpec.Policies;

namespace LlamaSpec.Tests.Policies;

public class TreePolicyTests
{
    [Test]
    public void ThePathEndsAtItsDepthOrWhenTheNodesAreUsedUp()
    {
        var policy = new TreePolicy(width: 3, depth: 4, nodeCount: 10);
        Assert.That(policy.TreeWidth, Is.EqualTo(3));
        Assert.That(policy.BeforePass(After(3, nodes: 9)), Is.True);
        Assert.That(policy.BeforePass(After(4, nodes: 9)), Is.False);
        Assert.That(policy.BeforePass(After(3, nodes: 10)), Is.False);
    }

    [TestCase(0, 0, 3)]
    [TestCase(1, 3, 3)]
    [TestCase(1, 1, 4)]
    [TestCase(3, 9, 3)]
    [TestCase(4, 4, 8)]
    public void LayersThatAreStillToComeKeepTheirShareOfTheNodes(int drafted, int nodes, int wanted) =>
        Assert.That(new TreePolicy(3, 4, 12).NodesWorth(After(drafted, nodes), new double[20], out _), Is.EqualTo(wanted));

    [TestCase(1, 1, true)]
    [TestCase(1, 8, true)]
    [TestCase(1, 9, false)]
    public void ABranchLeavesRoomForTheMainPath(int drafted, int nodes, bool isWanted) =>
        Assert.That(new TreePolicy(3, 4, 12).BeforeBranch(After(drafted, nodes), 0.1), Is.EqualTo(isWanted));

    private static DraftProgress After(int drafted, int nodes) => PolicyProgress.After(drafted) with { NodeCount = nodes, MaximumLength = 16 };
}
