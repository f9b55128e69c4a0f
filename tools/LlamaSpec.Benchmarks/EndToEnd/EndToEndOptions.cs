using System.Globalization;
using LlamaSpec.Benchmarks.EndToEnd.Systems;
using LlamaSpec.Benchmarks.Formats;
using LlamaSpec.Engine;
using LlamaSpec.Native;
using LlamaSpec.Policies;

namespace LlamaSpec.Benchmarks.EndToEnd;

/// <summary>What is measured.</summary>
internal sealed record EndToEndOptions
{
    // Enough for an afternoon; more is a slip of the keyboard.
    private const int MostRepeats = 100;
    private const int MostDraftTokens = 64;

    /// <summary>The target's GGUF file. null (default) = the embedded one.</summary>
    public string? TargetPath { get; init; }

    /// <summary>The draft's GGUF file. null (default) = the embedded one, which fits the embedded target alone.</summary>
    public string? DraftPath { get; init; }

    /// <summary>The file of questions.</summary>
    public required string PromptsPath { get; init; }

    /// <summary>Questions of each category. Default 2.</summary>
    public int LimitPerCategory { get; init; } = 2;

    /// <summary>Most tokens of an answer. Default 128, as Spec-Bench has it.</summary>
    public int MaximumTokens { get; init; } = 128;

    /// <summary>Temperatures. Default 0 and 0.8.</summary>
    public IReadOnlyList<float> Temperatures { get; init; } = [0f, 0.8f];

    /// <summary>Draft-length policies.</summary>
    public IReadOnlyList<PolicyChoice> Policies { get; init; } =
        [.. "fixed:1,fixed:2,fixed:3,fixed:5,adaedl".Split(',').Select(PolicyChoice.Parse)];

    /// <summary>Whether the policies are measured with llama.cpp's own kernels too. Default true.</summary>
    public bool MeasuresStockPolicies { get; init; } = true;

    /// <summary>Threads for the target. Default: all processors, at most 8.</summary>
    public int TargetThreadCount { get; init; } = new LlamaContextOptions().ThreadCount;

    /// <summary>Threads for the draft. null (default) = the engine's choice; llama-server gets one.</summary>
    public int? DraftThreadCount { get; init; }

    /// <summary>Tokens of a question and its answer. Default 2048.</summary>
    public int ContextLength { get; init; } = 2048;

    /// <summary>How often everything is measured. Default 1.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Measure a widened copy of the target with matrices of this type. null (default) = the target itself.</summary>
    public TensorType? WidenedType { get; init; }

    /// <summary>The llama-server executable. null (default) = none.</summary>
    public string? ServerPath { get; init; }

    /// <summary>A draft with the target's whole vocabulary. null (default) = llama-server is measured without a draft alone.</summary>
    public string? ServerDraftPath { get; init; }

    /// <summary>Lengths of llama-server's drafts. Default 1, 2, 3 and 5.</summary>
    public IReadOnlyList<int> ServerLengths { get; init; } = [1, 2, 3, 5];

    /// <summary>A folder for the results. null (default) = standard output alone.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Room for the longest policy, and for AdaEDL what an engine gives by default.</summary>
    private int MaximumDraftLength => Policies.Select(FixedLength).Append(new SpeculativeEngineOptions().MaximumDraftLength).Max();

    /// <summary>Throws when a value is out of range, as far as that can be said without the models.</summary>
    /// <exception cref="ArgumentException">The message names the option and the range.</exception>
    public void Validate()
    {
        Check(LimitPerCategory >= 1, "--limit-per-category must be at least 1.");
        Check(MaximumTokens is >= 16 and <= 1 << 20, "--max-tokens must be from 16 to 1048576: shorter answers cannot be timed.");
        Check(ContextLength is >= 256 and <= 1 << 20, "--ctx-size must be from 256 to 1048576.");
        Check(Repeats is >= 1 and <= MostRepeats, $"--repeats must be from 1 to {MostRepeats}.");
        Check(Temperatures.Count > 0 && Temperatures.All(static value => value is >= 0 and <= 100), "--temperatures must be numbers from 0 to 100.");
        Check(Policies.Count > 0, "--policies must name at least one policy.");
        Check(ServerLengths.All(static value => value is >= 1 and <= MostDraftTokens), $"--server-lengths must be from 1 to {MostDraftTokens}.");
        Check(
            TargetPath is null || DraftPath is not null,
            "--model needs a --draft of the same family: the embedded draft fits the embedded target alone.");
        Check(ServerPath is not null || ServerDraftPath is null, "--server-draft is for llama-server: name the executable with --llama-server.");
    }

    /// <summary>How to load an engine.</summary>
    /// <param name="targetPath">The target, widened where that was asked for.</param>
    /// <param name="rows">On or off.</param>
    /// <param name="drafts">Whether it has a draft: plain decoding is measured without one in memory.</param>
    public ModelPairOptions PairOptions(string targetPath, FastRows rows, bool drafts) => new()
    {
        TargetPath = targetPath,
        DraftPath = DraftPath ?? EmbeddedPair.DraftPath,
        UseDraft = drafts,
        RequireDraft = drafts,
        TargetThreadCount = TargetThreadCount,
        DraftThreadCount = DraftThreadCount,
        FastRows = rows,
        Engine = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = ContextLength, MaximumDraftLength = MaximumDraftLength },
    };

    /// <summary>How to start llama-server.</summary>
    /// <param name="targetPath">The target, widened where that was asked for.</param>
    /// <param name="draftLength">0 = plain decoding.</param>
    public LlamaServerOptions ServerOptions(string targetPath, int draftLength) => new()
    {
        ExecutablePath = ServerPath!,
        TargetPath = targetPath,
        DraftPath = draftLength > 0 ? ServerDraftPath : null,
        DraftLength = draftLength,
        ThreadCount = TargetThreadCount,
        DraftThreadCount = DraftThreadCount ?? 1,
        ContextLength = ContextLength,
    };

    private static int FixedLength(PolicyChoice policy) =>
        policy.Name.Split(':') is ["fixed", var length] ? int.Parse(length, CultureInfo.InvariantCulture) : 0;

    private static void Check(bool isTrue, string message)
    {
        if (!isTrue)
        {
            throw new ArgumentException(message);
        }
    }
}
