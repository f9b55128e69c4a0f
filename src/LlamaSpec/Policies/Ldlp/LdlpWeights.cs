namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// A trained draft-length predictor: weights, what it was trained for, and how well it does. Immutable and safe from any thread;
/// <see cref="LdlpNetwork"/> computes with it.
/// </summary>
public sealed class LdlpWeights
{
    /// <summary>Widest hidden row: above any model's, and a limit for damaged files.</summary>
    public const int WidestHiddenRow = 32_768;

    /// <summary>Widest layer. Wider ones cost more time than they save.</summary>
    public const int WidestLayer = 1_024;

    /// <summary>Longest draft that a predictor can be trained for.</summary>
    public const int LongestDraft = 64;

    internal LdlpWeights(LdlpShape shape, float[] parameters, LdlpOrigin origin, LdlpFigures figures, LdlpSurvivalTable survival)
    {
        Shape = shape;
        Parameters = parameters;
        Origin = origin;
        Figures = figures;
        Survival = survival;
    }

    /// <summary>Width of the target's hidden rows and embeddings.</summary>
    public int HiddenSize => Shape.HiddenSize;

    /// <summary>Width of the three layers.</summary>
    public int Width => Shape.Width;

    /// <summary>The largest length that it predicts.</summary>
    public int LongestLength => Survival.LongestLength;

    /// <summary>Weights and biases of the network.</summary>
    public int ParameterCount => Shape.ParameterCount;

    /// <summary>What it was trained for.</summary>
    public LdlpOrigin Origin { get; }

    /// <summary>How well it does on prompts that it was not trained on.</summary>
    public LdlpFigures Figures { get; }

    /// <summary>What a predicted length is worth.</summary>
    public LdlpSurvivalTable Survival { get; }

    internal LdlpShape Shape { get; }

    internal float[] Parameters { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is no predictor, of another version, or damaged; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LdlpWeights Load(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Load(stream);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="InvalidDataException">The content is no predictor, of another version, or damaged; the message says which.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static LdlpWeights Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return LdlpReader.Read(stream);
    }

    /// <summary>Writes the file format. The bytes depend on nothing but what is in here.</summary>
    /// <param name="stream">Receives the bytes; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        LdlpWriter.Write(this, stream);
    }
}
