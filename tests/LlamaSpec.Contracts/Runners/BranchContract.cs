using LlamaSpec.Models;

namespace LlamaSpec.Contracts.Runners;

/// <summary>
/// What a runner promises of the branches of a token tree: sequences that share a trunk, and rows of one batch that several of
/// them share. The tree here has two children below the anchor token and three leaves, two of them the same token.
/// </summary>
/// <param name="backend">Makes the runners.</param>
public abstract class BranchContract(RunnerBackend backend) : RunnerContract(backend)
{
    private const int TrunkLength = 6;

    private readonly int[] _trunk = backend.Text[..TrunkLength];
    private readonly int _anchor = backend.Text[6];
    private readonly int _left = backend.Text[7];
    private readonly int _right = backend.Text[2];
    private readonly int _leaf = backend.Text[8];
    private readonly int _otherLeaf = backend.Text[9];

    private int[][] Paths =>
    [
        [.. _trunk, _anchor],
        [.. _trunk, _anchor, _left],
        [.. _trunk, _anchor, _right],
        [.. _trunk, _anchor, _left, _leaf],
        [.. _trunk, _anchor, _left, _otherLeaf],
        [.. _trunk, _anchor, _right, _leaf],
    ];

    [Test]
    public void EachRowSeesItsOwnPathAndNotItsSiblings()
    {
        DecodeTree();
        for (var row = 0; row < Paths.Length; row++)
        {
            AssertSame(Runner.LogitsRow(row), Alone(Paths[row]), $"row {row}");
        }

        AssertDifferent(Runner.LogitsRow(3), Runner.LogitsRow(5).ToArray(), "the same token on two paths");
    }

    [Test]
    public void EachBranchGoesOnAlongItsOwnPath()
    {
        DecodeTree();
        SequenceId[] branches = [First, Second, Third];
        Batch.Clear();
        foreach (var branch in branches)
        {
            Assert.That(Runner.SequenceLength(branch), Is.EqualTo(TrunkLength + 3));
            Batch.Add(Text[10], TrunkLength + 3, branch, wantsLogits: true);
        }

        DecodeBatch();
        for (var path = 0; path < branches.Length; path++)
        {
            AssertSame(Runner.LogitsRow(path), Alone([.. Paths[3 + path], Text[10]]), $"path {path}");
        }
    }

    [TestCase(1, TrunkLength + 2)]
    [TestCase(2, TrunkLength + 1)]
    public void TheWinningBranchTakesOverTheTrunk(int winner, int firstOwnPosition)
    {
        DecodeTree();
        var branch = new SequenceId(winner);
        Assert.That(Runner.TrimSequence(First, firstOwnPosition), Is.True);
        Runner.CopySequence(branch, First, firstOwnPosition, TrunkLength + 3);
        Runner.ReleaseSequence(Second);
        Runner.ReleaseSequence(Third);
        Assert.That((Runner.SequenceLength(First), Runner.SequenceLength(Second), Runner.SequenceLength(Third)), Is.EqualTo((TrunkLength + 3, 0, 0)));
        AssertSameThoughMoved(DecodeLast(Text[10..12], TrunkLength + 3, First), Alone([.. Paths[3 + winner], .. Text[10..12]]));
    }

    [Test]
    public void TheTrunkMayLoseItsTipWhileABranchKeepsIt()
    {
        DecodeTree();
        Runner.TrimSequence(First, TrunkLength + 1);
        AssertSame(DecodeLast([_right], TrunkLength + 1, First), Alone(Paths[2]), "the trunk");
        AssertSame(DecodeLast([Text[10]], TrunkLength + 3, Second), Alone([.. Paths[4], Text[10]]), "the branch");
    }

    [Test]
    public void BranchesWithoutEndLeakNoCells()
    {
        // Twice as many cells as there are.
        for (var cells = 0; cells < 2 * Cells; cells += Rows - TrunkLength)
        {
            Runner.ReleaseSequence(First);
            DecodeLast(_trunk, 0, First);
            Runner.CopySequence(First, Second, 0, TrunkLength);
            Batch.Clear();
            for (var position = TrunkLength; position < Rows; position++)
            {
                Batch.Add(Text[position % Text.Length], position, First, wantsLogits: false);
                Batch.AddSequence(Second);
            }

            DecodeBatch();
            Runner.TrimSequence(First, TrunkLength);
            Runner.CopySequence(Second, First, TrunkLength, Rows);
            Runner.ReleaseSequence(Second);
            Assert.That((Runner.SequenceLength(First), Runner.SequenceLength(Second)), Is.EqualTo((Rows, 0)));
        }
    }

    private void DecodeTree()
    {
        DecodeLast(_trunk, 0, First);
        Runner.CopySequence(First, Second, 0, TrunkLength);
        Runner.CopySequence(First, Third, 0, TrunkLength);
        Batch.Clear();
        Add(_anchor, TrunkLength, First, Second, Third);
        Add(_left, TrunkLength + 1, First, Second);
        Add(_right, TrunkLength + 1, Third);
        Add(_leaf, TrunkLength + 2, First);
        Add(_otherLeaf, TrunkLength + 2, Second);
        Add(_leaf, TrunkLength + 2, Third);
        DecodeBatch();
    }

    private void Add(int token, int position, params ReadOnlySpan<SequenceId> sequences)
    {
        Batch.Add(token, position, wantsLogits: true);
        foreach (var sequence in sequences)
        {
            Batch.AddSequence(sequence);
        }
    }
}
