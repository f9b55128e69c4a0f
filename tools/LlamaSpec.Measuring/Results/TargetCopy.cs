namespace LlamaSpec.Measuring.Results;

/// <summary>How the measured target differs from the file that was named: always said, since it is another model to the machine.</summary>
/// <param name="Source">The file's name.</param>
/// <param name="Type">Type of the copy's matrices, as llama.cpp names it.</param>
/// <param name="Width">Values of a hidden row, where they were widened; null for a requantised copy of the same shape.</param>
/// <param name="Problem">Why its logits do not count as the original's; null when they do.</param>
internal sealed record TargetCopy(string Source, string Type, int? Width, string? Problem)
{
    public override string ToString() => (Width, Problem) switch
    {
        ({ } width, _) => FormattableString.Invariant($"{Source} widened to {width} ({Type})"),
        (_, null) => $"{Source} requantised to {Type}",
        _ => $"{Source} requantised to {Type}, far from the original",
    };
}
