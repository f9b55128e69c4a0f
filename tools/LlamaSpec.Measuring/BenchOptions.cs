using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Gguf;
using LlamaSpec.Measuring.Oracle;
using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Measuring.Systems;
using LlamaSpec.Native;

namespace LlamaSpec.Measuring;

/// <summary>What is measured.</summary>
internal sealed record BenchOptions
{
    /// <summary>The models and how they are loaded, both for drafting and, without the draft, for plain decoding.</summary>
    public required ModelPairOptions Pair { get; init; }

    /// <summary>The questions.</summary>
    public required IReadOnlyList<BenchmarkPrompt> Prompts { get; init; }

    /// <summary>Where they are from: a file's name, or "built-in".</summary>
    public required string PromptsName { get; init; }

    /// <summary>Most tokens of an answer. Default 128.</summary>
    public int MaximumTokens { get; init; } = BenchDefaults.MaximumTokens;

    /// <summary>Temperatures, in the order of measuring.</summary>
    public required IReadOnlyList<float> Temperatures { get; init; }

    /// <summary>Draft-length policies, each with its drafter.</summary>
    public required IReadOnlyList<MeasuredPolicy> Policies { get; init; }

    /// <summary>Measure the oracle too, at temperature 0. Default false. Needs <see cref="AcceptedRuns"/>.</summary>
    public bool MeasuresOracle { get; init; }

    /// <summary>Makes what knows the accepted drafts in advance, for the measured target and its draft. Default null: there is none.</summary>
    public Func<ModelPairOptions, AcceptedRuns>? AcceptedRuns { get; init; }

    /// <summary>Measure plain decoding with llama.cpp's own kernels too. Default false.</summary>
    public bool MeasuresStock { get; init; }

    /// <summary>How often everything is measured. Default 1.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Measure a widened copy of the target with matrices of this type. null (default) = the target itself.</summary>
    public TensorType? WidenedType { get; init; }

    /// <summary>Measure a copy of the target of the same shape with matrices of this type. null (default) = the target itself.</summary>
    public TensorType? RequantisedType { get; init; }

    /// <summary>The llama-server executable to compare with. null (default) = none.</summary>
    public string? ServerPath { get; init; }

    /// <summary>A draft with the target's whole vocabulary. null (default) = llama-server has no draft model.</summary>
    public string? ServerDraftPath { get; init; }

    /// <summary>Settings of llama-server, each a process of its own. Default none.</summary>
    public IReadOnlyList<LlamaServerSetting> ServerSettings { get; init; } = [];

    /// <summary>Whether there is a draft model. Without it, only drafters that need none can draft.</summary>
    public bool HasDraft => Pair.UseDraft && Pair.DraftPath is not null;

    /// <summary>The target that was named.</summary>
    public string SourcePath => Pair.TargetPath ?? EmbeddedPair.TargetPath;

    /// <summary>Threads for the target.</summary>
    public int TargetThreadCount => Pair.TargetThreadCount ?? new LlamaContextOptions().ThreadCount;

    // Room for the longest policy, and for the adaptive ones what was asked for.
    private int MaximumDraftLength => Policies.Select(FixedLength).Append(Pair.Engine.MaximumDraftLength).Max();

    /// <summary>Throws when the options contradict each other.</summary>
    /// <exception cref="ArgumentException">The message names the option.</exception>
    public void Validate()
    {
        Check(HasDraft || !Policies.Any(static policy => policy.NeedsDraft), "A policy with @model needs a draft: name one with --draft, or another drafter.");
        Check(HasDraft || !MeasuresOracle, "The oracle tells what a draft model would be worth: name one with --draft, or leave the oracle out of --policies.");
        Check(Policies.Count > 0 || MeasuresOracle, "--policies must name at least one policy.");
        Check(!MeasuresOracle || Temperatures.Contains(0), "The oracle is known at temperature 0 alone: add 0 to --temperatures, or leave the oracle out.");
        Check(!MeasuresOracle || AcceptedRuns is not null, "The oracle cannot be measured: nothing here records accepted drafts. Leave it out of --policies.");
        Check(WidenedType is null || RequantisedType is null, "--widen and --requantize are two copies of one target: give one of them.");
        Check(!MeasuresStock || Pair.FastRows != FastRows.Off, "--stock measures plain decoding with --rows off beside that with fast rows: leave one of them out.");
        Check(ServerPath is not null || ServerDraftPath is null, "--server-draft is for llama-server: add --against llama-server.");
        Check(ServerPath is null || ServerSettings.Count > 0, "--server-spec must name at least one setting of llama-server.");
        Check(ServerDraftPath is not null || !ServerSettings.Any(static setting => setting.NeedsDraft), "llama-server's draft setting needs a draft: name one with --server-draft.");
    }

    /// <summary>How to load an engine.</summary>
    /// <param name="targetPath">The target, or its copy.</param>
    /// <param name="rows">Whose kernels.</param>
    /// <param name="drafts">Whether it has the draft, where there is one: plain decoding is measured without one in memory.</param>
    public ModelPairOptions PairOptions(string targetPath, FastRows rows, bool drafts) => Pair with
    {
        TargetPath = targetPath,
        UseDraft = drafts && HasDraft,
        RequireDraft = drafts && HasDraft,
        FastRows = rows,
        Engine = Pair.Engine with { ConcurrentRequests = 1, MaximumDraftLength = MaximumDraftLength, Drafter = drafts ? Pair.Engine.Drafter : DrafterChoice.None },
    };

    /// <summary>How to start llama-server.</summary>
    /// <param name="targetPath">The target, or its copy.</param>
    /// <param name="setting">How it drafts.</param>
    public LlamaServerOptions ServerOptions(string targetPath, LlamaServerSetting setting) => new()
    {
        ExecutablePath = ServerPath!,
        TargetPath = targetPath,
        Setting = setting,
        DraftPath = ServerDraftPath,
        ThreadCount = TargetThreadCount,
        FlashAttention = Pair.FlashAttention,
        DraftThreadCount = Pair.DraftThreadCount ?? 1,
        ContextLength = Pair.Engine.ContextLength,
    };

    private static int FixedLength(MeasuredPolicy policy) => policy.Label.FixedLength ?? 0;

    private static void Check(bool isTrue, string message)
    {
        if (!isTrue)
        {
            throw new ArgumentException(message);
        }
    }
}
