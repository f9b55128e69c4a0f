namespace LlamaSpec.Policies.Auto;

/// <summary>How the round before ended: text that the draft can follow comes in stretches.</summary>
internal enum PreviousRound
{
    /// <summary>Nothing was drafted.</summary>
    Plain,

    /// <summary>The first drafted token was rejected.</summary>
    Rejected,

    /// <summary>Some were accepted.</summary>
    Partly,

    /// <summary>All were accepted.</summary>
    Accepted,
}
