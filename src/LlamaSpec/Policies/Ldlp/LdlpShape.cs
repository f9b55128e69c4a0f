namespace LlamaSpec.Policies.Ldlp;

/// <summary>
/// The sizes of a draft-length predictor, and where each part lies in its flat array of parameters: matrices by rows, one row an
/// output.
/// </summary>
internal readonly record struct LdlpShape
{
    public LdlpShape(int hiddenSize, int width)
    {
        Check.Range(hiddenSize, 1, LdlpWeights.WidestHiddenRow, nameof(hiddenSize));
        Check.Range(width, 1, LdlpWeights.WidestLayer, nameof(width));
        HiddenSize = hiddenSize;
        Width = width;
    }

    public int HiddenSize { get; }

    public int Width { get; }

    /// <summary>An embedding and a hidden row.</summary>
    public int InputSize => 2 * HiddenSize;

    /// <summary>Where the second and third layers begin; their matrices are square.</summary>
    public int SecondLayer => (Width * InputSize) + Width;

    public int ThirdLayer => SecondLayer + (Width * Width) + Width;

    /// <summary>Where the row of the output begins; its bias is the last parameter.</summary>
    public int Output => ThirdLayer + (Width * Width) + Width;

    public int ParameterCount => Output + Width + 1;

    /// <summary>Where a layer of 0..2 begins.</summary>
    public int Start(int layer) => layer switch { 0 => 0, 1 => SecondLayer, _ => ThirdLayer };

    /// <summary>Inputs of a layer of 0..2.</summary>
    public int Inputs(int layer) => layer == 0 ? InputSize : Width;

    public ReadOnlySpan<float> Row(ReadOnlySpan<float> parameters, int layer, int output) =>
        parameters.Slice(Start(layer) + (output * Inputs(layer)), Inputs(layer));

    public Span<float> Row(Span<float> parameters, int layer, int output) =>
        parameters.Slice(Start(layer) + (output * Inputs(layer)), Inputs(layer));

    public int Bias(int layer) => Start(layer) + (Width * Inputs(layer));
}
