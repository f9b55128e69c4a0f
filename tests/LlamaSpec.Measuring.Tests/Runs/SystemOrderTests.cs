using LlamaSpec.Measuring.Runs;

namespace LlamaSpec.Measuring.Tests.Runs;

public sealed class SystemOrderTests
{
    [Test]
    public void EverySystemHasEveryPlaceOnce()
    {
        int[][] orders = [.. Enumerable.Range(0, 4).Select(static turn => SystemOrder.Of(4, turn).ToArray())];
        Assert.That(orders[0], Is.EqualTo((int[])[0, 1, 2, 3]));
        Assert.That(orders[1], Is.EqualTo((int[])[1, 2, 3, 0]));
        for (var place = 0; place < 4; place++)
        {
            Assert.That(orders.Select(order => order[place]), Is.EquivalentTo((int[])[0, 1, 2, 3]));
            Assert.That(orders[place], Is.EquivalentTo((int[])[0, 1, 2, 3]));
        }
    }
}
