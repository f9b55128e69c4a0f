using System.Text;
using LlamaSpec.Policies.Costs;
using LlamaSpec.Sampling;

namespace LlamaSpec.Policies.Auto;

/// <summary>
/// What an engine has measured and learned about its pair, shared by its requests: costs, and acceptance at temperature 0, at
/// low and at high temperatures. Bounded; engine thread only.
/// </summary>
public sealed class AdaptiveState
{
    // "LSAL" and the layout's version: another layout is another number, and the old file is forgotten.
    private const int Magic = 0x4C41534C;
    private const int Version = 5;

    private readonly CostProfile? _profile;
    private LearnedSampling[] _samplings = [.. Enumerable.Range(0, SamplingGroup.Count).Select(static _ => new LearnedSampling())];

    /// <summary>Starts from a profile.</summary>
    /// <param name="costs">What decodes cost; null = learned while running.</param>
    public AdaptiveState(CostProfile? costs = null)
    {
        _profile = costs;
        Costs = new CostModel(costs);
    }

    /// <summary>What decodes cost.</summary>
    public CostModel Costs { get; private set; }

    /// <summary>Who shares a draft pass.</summary>
    internal Companions Companions { get; } = new();

    internal LearnedSampling For(SamplingOptions sampling) => _samplings[SamplingGroup.Of(sampling)];

    /// <summary>A state as it was before anything was learned: the calibrated costs alone.</summary>
    internal AdaptiveState Fresh() => new(_profile);

    /// <summary>What was learned, as bytes for <see cref="TryLoad"/>: some kilobytes.</summary>
    public byte[] Save()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(Version);
            Costs.Save(writer);
            Array.ForEach(_samplings, sampling => sampling.Save(writer));
            writer.Write(Magic);
        }

        return stream.ToArray();
    }

    /// <summary>
    /// Takes over what an earlier run has learned, before the first request. False, and nothing taken over, when the bytes are
    /// damaged or of another version.
    /// </summary>
    public bool TryLoad(ReadOnlySpan<byte> bytes)
    {
        var loaded = new AdaptiveState(_profile);
        if (!loaded.TryRead(bytes))
        {
            return false;
        }

        Costs = loaded.Costs;
        _samplings = loaded._samplings;
        return true;
    }

    private bool TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
            if (reader.ReadInt32() != Magic || reader.ReadInt32() != Version)
            {
                return false;
            }

            Costs.Load(reader);
            Array.ForEach(_samplings, sampling => sampling.Load(reader));
            return reader.ReadInt32() == Magic && reader.BaseStream.Position == bytes.Length;
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
    }
}
