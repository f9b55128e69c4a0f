using System.CommandLine;
using LlamaSpec.Calibration;
using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Native;
using LlamaSpec.Policies;

namespace LlamaSpec.Cli.Options;

/// <summary>Which models to load, and how: the options that all commands share. Named as llama.cpp names them.</summary>
internal sealed class ModelOptions
{
    private const int MostThreads = 512;
    private const int LongestContext = 1 << 20;
    private static readonly SpeculativeEngineOptions EngineDefaults = new();

    private readonly Option<string?> _model = new("--model", "-m")
    {
        Description = "The target's GGUF file. Default: the embedded demonstration model.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _draft = new("--draft", "-d", "-md")
    {
        Description = "The draft's GGUF file. Default: the embedded draft with the embedded target, else none.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _noDraft = new("--no-draft") { Description = "Load no draft model; drafters that need none go on." };
    private readonly Option<DrafterChoice?> _drafter = DrafterOption.Create();
    private readonly Option<string?> _trigrams = new("--trigram-table")
    {
        Description = "Tri-grams, as train-trigram writes them. Default: the file beside the target with the ending .trigram, if there is one.",
        HelpName = "FILE",
    };
    private readonly Option<PolicyChoice?> _policy = PolicyOption.Create();
    private readonly Option<int?> _draftMaximum = NumberOption.CreateOptional(
        "--draft-max", [], 0, 64, $"Longest draft of a round, 0 to 64. Default: {EngineDefaults.MaximumDraftLength}, or what the policy names.");
    private readonly Option<int> _contextLength = NumberOption.Create(
        "--ctx-size", ["-c"], 2, LongestContext, EngineDefaults.ContextLength, "Tokens of prompt and answer together.");
    private readonly Option<int?> _threads = NumberOption.CreateOptional(
        "--threads", ["-t"], 1, MostThreads, "Threads for the target. Default: as calibrated, else all processors, at most 8.");
    private readonly Option<int?> _draftThreads = NumberOption.CreateOptional(
        "--threads-draft", ["-td"], 1, MostThreads, "Threads for the draft. Default: as calibrated, else 1 for a tiny draft, else as for the target.");
    private readonly Option<int?> _gpuLayers = GpuLayersOption.Create(
        "--gpu-layers", ["-ngl"], "Layers of the target to place on a GPU: a number, all or 0. Default: all where there is a GPU.");
    private readonly Option<int?> _draftGpuLayers = GpuLayersOption.Create(
        "--draft-gpu-layers", ["--gpu-layers-draft", "-ngld"], "The same for the draft. Default: all, or 0 where the target has none there.");
    private readonly Option<string> _flashAttention = new("--flash-attn", "-fa")
    {
        Description = "Fused attention: on, off or auto.",
        HelpName = "MODE",
        DefaultValueFactory = _ => "auto",
    };
    private readonly Option<string> _fastRows = new("--rows")
    {
        Description = "Own matrix products, which make verifying cheap: on, off (llama.cpp's alone) or auto (where the processor can).",
        HelpName = "MODE",
        DefaultValueFactory = _ => "auto",
    };
    private readonly Option<string> _calibration = new("--calibration")
    {
        Description = "What decodes cost here: auto (as stored, else measured in some seconds and stored), stored (never measure) or off.",
        HelpName = "MODE",
        DefaultValueFactory = _ => "auto",
    };
    private readonly bool _choosesPolicy;
    private readonly bool _usesCalibration;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="choosesPolicy">False for a command that compares policies, or plain decoding with speculation, itself.</param>
    /// <param name="usesCalibration">False for a command that measures costs, or has no use for them.</param>
    public ModelOptions(Command command, bool choosesPolicy, bool usesCalibration = true)
    {
        _choosesPolicy = choosesPolicy;
        _usesCalibration = usesCalibration;
        _calibration.AcceptOnlyFromAmong("auto", "stored", "off");
        _flashAttention.AcceptOnlyFromAmong("on", "off", "auto");
        _fastRows.AcceptOnlyFromAmong("on", "off", "auto");
        Option[] policyOptions = choosesPolicy ? [_noDraft, _drafter, _trigrams, _policy] : [];
        Option[] calibrationOptions = usesCalibration ? [_calibration] : [];
        foreach (var option in (Option[])[
            _model, _draft, .. policyOptions, _draftMaximum, _contextLength, _threads, _draftThreads, _gpuLayers, _draftGpuLayers, _flashAttention, _fastRows,
            .. calibrationOptions])
        {
            command.Add(option);
        }
    }

    /// <summary>What the user asked for.</summary>
    /// <exception cref="UsageException">Two options contradict each other.</exception>
    public ModelPairOptions Read(ParseResult result)
    {
        var draft = result.GetValue(_draft);
        var policy = _choosesPolicy ? result.GetValue(_policy) : null;
        var drafter = (_choosesPolicy ? result.GetValue(_drafter) : null) ?? EngineDefaults.Drafter;
        var useDraft = drafter.AllowsModel && !(_choosesPolicy && result.GetValue(_noDraft));
        if (!useDraft && draft is not null)
        {
            throw new UsageException($"--draft and {(drafter.AllowsModel ? "--no-draft" : $"--drafter {drafter}")} contradict each other: give one of them.");
        }

        PolicyChoice[] policies = policy is null ? [] : [policy];
        return new ModelPairOptions
        {
            TargetPath = result.GetValue(_model),
            DraftPath = draft ?? (result.GetValue(_model) is null ? EmbeddedPair.DraftPath : null),
            UseDraft = useDraft,
            TrigramPath = _choosesPolicy ? result.GetValue(_trigrams) : null,
            TargetThreadCount = result.GetValue(_threads),
            DraftThreadCount = result.GetValue(_draftThreads),
            GpuLayerCount = result.GetValue(_gpuLayers) ?? -1,
            DraftGpuLayerCount = result.GetValue(_draftGpuLayers),
            FlashAttention = result.GetValue(_flashAttention) switch { "on" => true, "off" => false, _ => null },
            FastRows = Enum.Parse<FastRows>(result.GetRequiredValue(_fastRows), ignoreCase: true),
            Calibration = _usesCalibration ? Enum.Parse<CalibrationMode>(result.GetRequiredValue(_calibration), ignoreCase: true) : CalibrationMode.Off,
            Engine = new SpeculativeEngineOptions
            {
                ConcurrentRequests = 1,
                ContextLength = result.GetValue(_contextLength),
                MaximumDraftLength = ReadDraftMaximum(result, _policy.Name, policies),
                Policy = policy ?? EngineDefaults.Policy,
                Drafter = drafter,
            },
        };
    }

    /// <summary>--draft-max; by default room for every policy that names a length.</summary>
    /// <param name="result">The parsed command line.</param>
    /// <param name="policyOption">The option that named the policies.</param>
    /// <param name="policies">What will be asked of the engine.</param>
    /// <exception cref="UsageException">A policy names more than --draft-max allows.</exception>
    public int ReadDraftMaximum(ParseResult result, string policyOption, IReadOnlyList<PolicyChoice> policies)
    {
        var longest = policies.MaxBy(Length);
        var needed = longest is null ? 0 : Length(longest);
        var maximum = result.GetValue(_draftMaximum) ?? Math.Max(needed, EngineDefaults.MaximumDraftLength);
        return needed <= maximum
            ? maximum
            : throw new UsageException($"{policyOption} {longest} needs --draft-max {needed} or more, but it is {maximum}.");

        static int Length(PolicyChoice policy) => PolicyOption.FixedLength(policy) ?? 0;
    }
}
