using LlamaSpec.Drafting;

namespace LlamaSpec.Tests.Drafting;

public class NodeCandidatesTests
{
    [Test]
    public void TheyAreTheMostValuableInOrderAndOfEqualOnesTheEarlierFirst() => Property.Holds(random =>
    {
        var capacity = random.Next(1, 20);
        var candidates = new NodeCandidates(capacity);
        List<NodeCandidate> expected = [];
        for (var step = 0; step < 60; step++)
        {
            if (random.Next(4) == 0 && candidates.Count > 0)
            {
                var index = random.Next(candidates.Count);
                candidates.RemoveAt(index);
                expected.RemoveAt(index);
            }
            else
            {
                var candidate = new NodeCandidate(step, step, 0.5, random.Next(6) / 5.0);
                candidates.Add(candidate);
                expected = [.. expected.Append(candidate).OrderByDescending(static each => each.Value).Take(capacity)];
            }

            Assert.That(Enumerable.Range(0, candidates.Count).Select(i => candidates[i]), Is.EqualTo(expected));
            Assert.That(candidates.Values.ToArray(), Is.EqualTo(expected.Select(static each => each.Value)));
        }
    });
}
