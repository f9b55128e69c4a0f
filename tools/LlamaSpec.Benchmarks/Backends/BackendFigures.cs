namespace LlamaSpec.Benchmarks.Backends;

/// <summary>What one process measured of one backend.</summary>
/// <param name="Decodes">Decodes of the target, by rows.</param>
/// <param name="OneContextRate">Decodes of one row a second, of one context on one thread.</param>
/// <param name="TwoContextsRate">The same of two contexts on two threads, together.</param>
/// <param name="Answers">Answers, by policy and question.</param>
internal sealed record BackendFigures(IReadOnlyList<DecodeFigure> Decodes, double OneContextRate, double TwoContextsRate, IReadOnlyList<AnswerFigure> Answers);

/// <summary>Decodes of some rows.</summary>
/// <param name="Rows">Rows of a decode.</param>
/// <param name="Milliseconds">The median.</param>
/// <param name="AllocatedBytes">Managed memory that a decode allocates.</param>
internal sealed record DecodeFigure(int Rows, double Milliseconds, long AllocatedBytes);

/// <summary>One answer.</summary>
/// <param name="Policy">The draft-length policy.</param>
/// <param name="Question">Which question.</param>
/// <param name="Tokens">The answer's tokens.</param>
/// <param name="Milliseconds">From the first to the last token.</param>
/// <param name="ManagedMilliseconds">Of them, spent outside native calls.</param>
/// <param name="Rounds">Rounds.</param>
/// <param name="Drafted">Drafted tokens.</param>
/// <param name="Accepted">Of them, accepted ones.</param>
internal sealed record AnswerFigure(
    string Policy, int Question, int[] Tokens, double Milliseconds, double ManagedMilliseconds, int Rounds, int Drafted, int Accepted);
