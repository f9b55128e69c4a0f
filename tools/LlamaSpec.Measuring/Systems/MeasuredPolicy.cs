using LlamaSpec.Drafting;
using LlamaSpec.Policies;

namespace LlamaSpec.Measuring.Systems;

/// <summary>A policy, and the drafter that it decides about; written "fixed:4@suffix", or "fixed:4" for the drafter that LlamaSpec chooses.</summary>
/// <param name="Policy">How long drafts are.</param>
/// <param name="Drafter">One of <see cref="DrafterChoice.All"/>; null (default) = LlamaSpec chooses.</param>
internal sealed record MeasuredPolicy(PolicyChoice Policy, string? Drafter = null)
{
    /// <summary>What follows a policy's name, for help and messages.</summary>
    public static string Syntax =>
        $"{SystemLabel.DrafterMark}DRAFTER behind a policy names its drafter: {string.Join(", ", DrafterChoice.All)} (fixed:4{SystemLabel.DrafterMark}suffix); without it LlamaSpec chooses";

    /// <summary>As the tables name it.</summary>
    public SystemLabel Label => SystemLabel.Policy(Policy.Name, Drafter);

    /// <summary>Whether it is meant to draft with the draft model alone.</summary>
    public bool NeedsDraft => Drafter == DrafterChoice.ModelName;

    /// <summary>Reads "POLICY" or "POLICY@DRAFTER".</summary>
    /// <exception cref="FormatException">The policy or the drafter is unknown.</exception>
    public static MeasuredPolicy Parse(string text)
    {
        var parts = text.Split(SystemLabel.DrafterMark, 2);
        var policy = PolicyChoice.Parse(parts[0]);
        if (parts.Length == 1)
        {
            return new MeasuredPolicy(policy);
        }

        var drafter = parts[1].Trim().ToLowerInvariant();
        return DrafterChoice.All.Any(choice => choice.Name == drafter)
            ? new MeasuredPolicy(policy, drafter)
            : throw new FormatException($"\"{text}\" names no drafter behind the {SystemLabel.DrafterMark}. Use one of: {string.Join(", ", DrafterChoice.All)}.");
    }

    public override string ToString() => Label.Name;
}
