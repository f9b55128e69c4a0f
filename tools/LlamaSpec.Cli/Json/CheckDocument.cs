using LlamaSpec.Cli.Checking;
using LlamaSpec.Models;
using LlamaSpec.Native;

namespace LlamaSpec.Cli.Json;

/// <summary>What check --json writes.</summary>
internal sealed record CheckDocument
{
    public required ModelDocument Target { get; init; }

    /// <summary>null when there is no draft, or none that loads.</summary>
    public required ModelDocument? Draft { get; init; }

    /// <summary>Whether the draft fits the target; null when no draft was given.</summary>
    public required bool? Compatible { get; init; }

    /// <summary>Why, in either case.</summary>
    public required string Reason { get; init; }

    /// <summary>The first tokens that the two spell differently.</summary>
    public required IReadOnlyList<VocabularyDifference> Differences { get; init; }

    public required string LlamaVersion { get; init; }

    public required string InstructionSet { get; init; }

    /// <summary>Whether the target's decodes use LlamaSpec's own matrix products.</summary>
    public required FastRowsDocument FastRows { get; init; }

    /// <summary>What layers can be placed on; empty = there is no GPU that llama.cpp can use.</summary>
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>Why there is none; null = there is one.</summary>
    public required string? NoGpuReason { get; init; }

    public required string LibraryDirectory { get; init; }

    /// <summary>null when it was not run.</summary>
    public required SelfTestResult? SelfTest { get; init; }

    /// <summary>What to expect of the drafts on this machine; null when it was not measured.</summary>
    public AdviceDocument? Advice { get; init; }
}
