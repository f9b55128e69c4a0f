using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using LlamaSpec.Engine;
using LlamaSpec.Sampling;

namespace LlamaSpec.Cli.Options;

/// <summary>How tokens are chosen and when to stop: the options of generate and chat. Named as llama.cpp names them.</summary>
internal sealed class GenerationOptions
{
    // As in llama.cpp.
    private const int NoLimit = -1;
    private const int NewSeed = -1;

    private const int MostTokens = 1 << 20;
    private const int DefaultMaximumTokens = 512;
    private static readonly SamplingOptions Defaults = new();

    private readonly Option<int> _maximumTokens = NumberOption.Create(
        "--predict", ["-n", "--n-predict"], NoLimit, MostTokens, DefaultMaximumTokens,
        "Most tokens of an answer; -1 = until the answer or the context ends.");
    private readonly Option<float> _temperature = NumberOption.Create(
        "--temp", ["--temperature"], 0f, 100f, Defaults.Temperature, "Temperature: 0 = always the most likely token.");
    private readonly Option<int> _topK = NumberOption.Create(
        "--top-k", [], 0, int.MaxValue, Defaults.TopK, "Keep the k most likely tokens; 0 = all.");
    private readonly Option<float> _topP = NumberOption.Create(
        "--top-p", [], 0.0001f, 1f, Defaults.TopP, "Keep the fewest tokens that together are this likely; 1 = all.");
    private readonly Option<float> _minP = NumberOption.Create(
        "--min-p", [], 0f, 1f, Defaults.MinP, "Keep tokens at least this times as likely as the most likely one; 0 = all.");
    private readonly Option<float> _repetitionPenalty = NumberOption.Create(
        "--repeat-penalty", [], 0.01f, 100f, Defaults.RepetitionPenalty, "Weakens tokens seen lately; 1 = off.");
    private readonly Option<float> _frequencyPenalty = NumberOption.Create(
        "--frequency-penalty", [], -100f, 100f, Defaults.FrequencyPenalty, "Subtracted once per occurrence; 0 = off.");
    private readonly Option<float> _presencePenalty = NumberOption.Create(
        "--presence-penalty", [], -100f, 100f, Defaults.PresencePenalty, "Subtracted once from a token seen lately; 0 = off.");
    private readonly Option<int> _penaltyWindow = NumberOption.Create(
        "--repeat-last-n", [], 0, 4096, Defaults.PenaltyWindow, "How many tokens back the penalties look.");
    private readonly Option<LogitBias[]?> _logitBias = new("--logit-bias")
    {
        Description = "Add BIAS to the logit of token ID (-inf bans it); may be given again.",
        HelpName = "ID=BIAS",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ReadBiases,
    };
    private readonly Option<Int128> _seed = NumberOption.Create<Int128>(
        "--seed", ["-s"], NewSeed, ulong.MaxValue, NewSeed, "Seed of the random draws; -1 = a new one each time.");
    private readonly Option<string[]?> _stopTexts = new("--stop")
    {
        Description = "End the answer at TEXT, which is not shown; may be given again.",
        HelpName = "TEXT",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ReadStopTexts,
    };

    public GenerationOptions(Command command)
    {
        foreach (var option in (Option[])[
            _maximumTokens, _temperature, _topK, _topP, _minP, _repetitionPenalty, _frequencyPenalty, _presencePenalty, _penaltyWindow,
            _logitBias, _seed, _stopTexts])
        {
            command.Add(option);
        }
    }

    /// <summary>Most tokens of an answer, or null for no limit.</summary>
    public int? MaximumTokens(ParseResult result) => result.GetValue(_maximumTokens) switch
    {
        NoLimit => null,
        0 => throw new UsageException("--predict must be at least 1, or -1 for no limit, but is 0."),
        var maximum => maximum,
    };

    public IReadOnlyList<string> StopTexts(ParseResult result) => result.GetValue(_stopTexts) ?? [];

    public SamplingOptions Sampling(ParseResult result) => new()
    {
        Temperature = result.GetValue(_temperature),
        TopK = result.GetValue(_topK),
        TopP = result.GetValue(_topP),
        MinP = result.GetValue(_minP),
        RepetitionPenalty = result.GetValue(_repetitionPenalty),
        FrequencyPenalty = result.GetValue(_frequencyPenalty),
        PresencePenalty = result.GetValue(_presencePenalty),
        PenaltyWindow = result.GetValue(_penaltyWindow),
        LogitBias = result.GetValue(_logitBias) ?? [],
        Seed = result.GetValue(_seed) is var seed && seed == NewSeed ? null : (ulong)seed,
    };

    private static LogitBias[] ReadBiases(ArgumentResult result)
    {
        var biases = new List<LogitBias>();
        foreach (var token in result.Tokens)
        {
            var parts = token.Value.Split('=', 2);
            float bias = 0;
            if (int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && parts.Length == 2 && TryReadBias(parts[1], out bias))
            {
                biases.Add(new LogitBias(id, bias));
            }
            else
            {
                result.AddError($"--logit-bias must be ID=BIAS with a token id and a number or -inf, for example 42=-5, but is \"{token.Value}\".");
            }
        }

        return [.. biases];
    }

    private static bool TryReadBias(string text, out float bias)
    {
        if (text == "-inf")
        {
            bias = float.NegativeInfinity;
            return true;
        }

        return NumberOption.TryParse(text, float.MinValue, float.MaxValue, out bias);
    }

    private static string[] ReadStopTexts(ArgumentResult result)
    {
        if (result.Tokens.Count > GenerationRequest.MostStopTexts)
        {
            result.AddError($"--stop may be given at most {GenerationRequest.MostStopTexts} times.");
        }

        if (result.Tokens.Any(static token => Encoding.UTF8.GetByteCount(token.Value) is 0 or > GenerationRequest.LongestStopTextBytes))
        {
            result.AddError($"--stop must have 1 to {GenerationRequest.LongestStopTextBytes} bytes.");
        }

        return [.. result.Tokens.Select(static token => token.Value)];
    }
}
