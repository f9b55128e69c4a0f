using LlamaSpec.Gguf;
using LlamaSpec.Models;

namespace LlamaSpec.Measuring.WideModels;

/// <summary>The sizes of a llama model that widening changes.</summary>
internal sealed record LlamaShape
{
    /// <summary>Wider is a typing error rather than a wish: twice the width of a 70B model.</summary>
    public const int LargestWidth = 16384;

    private const string Architecture = "llama";
    private const string WidthKey = "llama.embedding_length";
    private const string FeedForwardKey = "llama.feed_forward_length";
    private const string HeadCountKey = "llama.attention.head_count";
    private const string KeyHeadCountKey = "llama.attention.head_count_kv";
    private const string EpsilonKey = "llama.attention.layer_norm_rms_epsilon";

    // Rows of the feed-forward network are whole blocks of any quantised type.
    private const int FeedForwardMultiple = 32;

    /// <summary>Values of a hidden row.</summary>
    public required int Width { get; init; }

    /// <summary>Values of the inner row of the feed-forward network.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KeyHeadCount { get; init; }

    /// <summary>What RMSNorm adds to the mean square.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Values of one head.</summary>
    public int HeadSize => Width / HeadCount;

    /// <summary>Query heads that share a key head.</summary>
    public int GroupSize => HeadCount / KeyHeadCount;

    /// <summary>Reads the sizes of a model.</summary>
    /// <exception cref="ModelFailureException">It is of another architecture, or its sizes are missing or do not fit each other.</exception>
    public static LlamaShape Read(GgufFile file)
    {
        var architecture = file.Metadata.Text("general.architecture");
        if (architecture != Architecture)
        {
            throw new ModelFailureException(
                $"{file.Path} is of architecture {architecture ?? "unknown"}, and only {Architecture} models can be widened. Take one of these.");
        }

        var headCount = Size(file, HeadCountKey);
        var shape = new LlamaShape
        {
            Width = Size(file, WidthKey),
            FeedForwardWidth = Size(file, FeedForwardKey),
            HeadCount = headCount,
            KeyHeadCount = file.Metadata.TryGet(KeyHeadCountKey, out _) ? Size(file, KeyHeadCountKey) : headCount,
            Epsilon = file.Metadata.Real(EpsilonKey) ?? throw Unusable(file, EpsilonKey),
        };
        if (shape.Width % shape.HeadCount != 0 || shape.HeadCount % shape.KeyHeadCount != 0)
        {
            throw new ModelFailureException(
                $"{file.Path} has {shape.HeadCount} heads, {shape.KeyHeadCount} key heads and width {shape.Width}, which do not divide. "
                + "Take another model.");
        }

        foreach (var key in (string[])["llama.attention.key_length", "llama.attention.value_length"])
        {
            if (file.Metadata.Integer(key) is { } length && length != shape.HeadSize)
            {
                throw new ModelFailureException(
                    $"{file.Path} has {key} {length} where width and heads give {shape.HeadSize}; such heads cannot be widened.");
            }
        }

        return shape;
    }

    /// <summary>The sizes at a larger width: head size and group size stay, the feed-forward width grows in proportion.</summary>
    /// <exception cref="ArgumentException">There is no whole number of head groups in that width, or it is out of range.</exception>
    public LlamaShape Widen(int width)
    {
        var step = HeadSize * GroupSize;
        if (width < Width || width > LargestWidth || width % step != 0)
        {
            var smallest = GgufFile.Align(Width, step);
            throw new ArgumentException(
                $"The width must be from {Width} to {LargestWidth} and a multiple of {step} ({GroupSize} query heads of {HeadSize} share a key head), "
                + $"for example {smallest + step}; it is {width}.",
                nameof(width));
        }

        var feedForwardWidth = (long)FeedForwardWidth * width / Width;
        return this with
        {
            Width = width,
            FeedForwardWidth = width == Width ? FeedForwardWidth : (int)GgufFile.Align(feedForwardWidth, FeedForwardMultiple),
            HeadCount = width / HeadSize,
            KeyHeadCount = width / step,
            Epsilon = Epsilon * Width / width,
        };
    }

    /// <summary>
    /// What RMSNorm weights are multiplied by. Zeros at the end of a row lower its mean square to Width/width of what it was, and with
    /// epsilon lowered alike, 1/sqrt(mean square + epsilon) is larger by sqrt(width/Width), which the weights take back.
    /// </summary>
    public double NormScaleTo(LlamaShape wide) => Math.Sqrt((double)Width / wide.Width);

    /// <summary>Size of a dimension, or null where it is not for the shape to say.</summary>
    public int? SizeOf(TensorAxis axis) => axis switch
    {
        TensorAxis.Hidden => Width,
        TensorAxis.Queries => HeadCount * HeadSize,
        TensorAxis.Keys => KeyHeadCount * HeadSize,
        TensorAxis.FeedForward => FeedForwardWidth,
        _ => null,
    };

    /// <summary>Puts the sizes into a model's metadata.</summary>
    public void WriteTo(GgufMetadata metadata) => metadata
        .Set(WidthKey, GgufValue.Of((uint)Width))
        .Set(FeedForwardKey, GgufValue.Of((uint)FeedForwardWidth))
        .Set(HeadCountKey, GgufValue.Of((uint)HeadCount))
        .Set(KeyHeadCountKey, GgufValue.Of((uint)KeyHeadCount))
        .Set(EpsilonKey, GgufValue.Of((float)Epsilon));

    private static int Size(GgufFile file, string key) =>
        file.Metadata.Integer(key) is >= 1 and <= int.MaxValue and var size ? (int)size : throw Unusable(file, key);

    private static ModelFailureException Unusable(GgufFile file, string key) =>
        new($"{file.Path} has no usable {key}: one positive number for all layers is needed. Take another model.");
}
