namespace LlamaSpec.Policies;

/// <summary>Tells the first round of a step from the others: what concerns the whole step counts once.</summary>
internal struct StepCount
{
    private long _last;

    /// <summary>Whether the step was not counted yet. Steps without a number are all new.</summary>
    public bool IsNew(long step)
    {
        var isNew = step == 0 || step != _last;
        _last = step;
        return isNew;
    }
}
