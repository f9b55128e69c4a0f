using LlamaSpec.Diagnostics;
using LlamaSpec.Engine;

namespace LlamaSpec.Contracts.Pairs;

/// <summary>
/// Answers that should be the same, and how near to a tie the target was where they part: logits depend a little on the rows that
/// are decoded together.
/// </summary>
internal sealed class NearTies(PairUnderTest pair)
{
    private readonly List<float> _gaps = [];
    private int _count;

    public void Add(GenerationRequest request, GenerationResult expected, GenerationResult actual)
    {
        _count++;
        if (pair.GapWhereTheyPart(request, expected, actual) is { } gap)
        {
            _gaps.Add(gap);
        }
    }

    /// <summary>Answers part at near-ties only.</summary>
    public void AssertNoneElse(string what = "answers")
    {
        TestContext.Out.WriteLine($"{what}: {_count - _gaps.Count} of {_count} identical; gaps at the divergences: {string.Join(", ", _gaps)}");
        Assert.That(_count, Is.Positive);
        Assert.That(_gaps, Has.All.LessThan(TopTwoGapProbe.NearTie));
    }
}
