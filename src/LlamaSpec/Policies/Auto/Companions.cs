namespace LlamaSpec.Policies.Auto;

/// <summary>
/// How many requests of a step pay for a draft pass together. Counted are those that would go on if all the others did: so a
/// request that drafts alone is told what that costs, and requests that each wait for the others do not wait for ever.
/// </summary>
internal sealed class Companions
{
    private const double Keep = 0.98;

    // Before anything is seen: all of them.
    private const double PriorWeight = 4;

    private DecayedMean _starting;
    private DecayedMean _goingOn;

    /// <summary>Requests that share a pass, the one that asks included.</summary>
    /// <param name="requests">Requests in the step.</param>
    /// <param name="pass">Index of the pass.</param>
    public double Sharing(int requests, int pass)
    {
        var share = _starting.Estimate(1, PriorWeight);
        for (var i = 0; i < pass; i++)
        {
            share *= _goingOn.Estimate(1, PriorWeight);
        }

        return 1 + ((requests - 1) * share);
    }

    /// <summary>Learns what a request wants before a pass.</summary>
    /// <param name="requests">Requests in the step.</param>
    /// <param name="pass">Index of the pass.</param>
    /// <param name="wants">Whether it would pay for its share if all shared it.</param>
    public void Add(int requests, int pass, bool wants)
    {
        if (requests > 1)
        {
            ref var mean = ref (pass == 0 ? ref _starting : ref _goingOn);
            mean.Add(wants ? 1 : 0, Keep);
        }
    }
}
