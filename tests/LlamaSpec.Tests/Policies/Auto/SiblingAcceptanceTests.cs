using LlamaSpec.Drafting;
using LlamaSpec.Policies.Auto;

namespace LlamaSpec.Tests.Policies.Auto;

public class SiblingAcceptanceTests
{
    [Test]
    public void TheDraftIsBelievedUntilMoreIsKnown()
    {
        foreach (var probability in (double[])[0.98, 0.75, 0.35, 0.1, 0.02])
        {
            Assert.That(new SiblingAcceptance().Of(probability), Is.EqualTo(probability).Within(0.05));
        }
    }

    [Test]
    public void ItNeverFallsAsTheProbabilityRisesWhateverWasSeen() => Property.Holds(random =>
    {
        var acceptance = new SiblingAcceptance();
        for (var round = 0; round < 50; round++)
        {
            var tree = new TokenTree(8, 10);
            for (var node = 0; node < 8; node++)
            {
                tree.Add(random.Next(-1, node), node, random.NextSingle() * (random.Next(2) == 0 ? 1 : 0.4f), isSampled: false);
            }

            acceptance.Learn(tree, random.Next(-1, 8));
        }

        var last = 0.0;
        for (var probability = 0.0; probability <= 1; probability += 0.01)
        {
            var step = acceptance.Of(probability);
            Assert.That(step, Is.InRange(last, 1));
            last = step;
        }
    });

    [Test]
    public void WhatVerificationTookAndWhatItPassedByIsLearnedAndWhatItNeverCameToIsNot()
    {
        // Two children of the anchor token; behind each of them two more. The second is taken, then none.
        var tree = new TokenTree(8, 10);
        tree.Add(TokenTree.Anchor, 1, 0.6f, isSampled: false);
        tree.Add(TokenTree.Anchor, 2, 0.35f, isSampled: false);
        tree.Add(0, 3, 0.9f, isSampled: false);
        tree.Add(1, 4, 0.25f, isSampled: false);
        var (acceptance, before) = (new SiblingAcceptance(), new SiblingAcceptance());
        for (var round = 0; round < 30; round++)
        {
            acceptance.Learn(tree, lastNode: 1);
        }

        Assert.That(acceptance.Of(0.35), Is.GreaterThan(0.85));
        Assert.That(acceptance.Of(0.25), Is.LessThan(0.06));
        Assert.That(acceptance.Of(0.9), Is.EqualTo(before.Of(0.9)).Within(1e-9).Or.EqualTo(acceptance.Of(0.6)).Within(1e-9), "at most pooled with its neighbours");
    }
}
