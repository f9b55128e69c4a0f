using System.Diagnostics.CodeAnalysis;
using LlamaSpec.Drafting.ModelFree;

namespace LlamaSpec.Drafting.Selection;

/// <summary>
/// One model-free drafter of one request. What it would propose is kept beside the text that comes, whoever drafted it, and
/// compared: so it is known what it is worth without ever trying it out.
/// </summary>
[SuppressMessage("Design", "CA1031", Justification = "A drafter may fail in any way; the others may not suffer.")]
internal sealed class ShadowedDrafter
{
    private const int Resolved = -2;
    private const double MostMillisecondsToLengthen = 0.01;

    // The own text counts from some tokens on, and what lies some ten tokens back is forgotten.
    private const double PriorTokens = 6;
    private const double Keep = 0.93;

    private readonly IModelFreeDrafter _drafter;
    private readonly TokenTree _shadow;
    private int _shadowNode = Resolved;
    private double _accepted;
    private double _expected;

    public ShadowedDrafter(IModelFreeDrafter drafter, int nodeCapacity, int vocabularySize)
    {
        _drafter = drafter;
        Name = drafter.Name;
        Proposal = new TokenTree(nodeCapacity, vocabularySize);
        _shadow = new TokenTree(nodeCapacity, vocabularySize);
        Ranking = new ProposalRanking(nodeCapacity);
    }

    public string Name { get; }

    /// <summary>What it proposes in this round.</summary>
    public TokenTree Proposal { get; }

    /// <summary>Its nodes by what they are worth.</summary>
    public ProposalRanking Ranking { get; }

    /// <summary>Why it is not asked any more; null = it is.</summary>
    public string? Failure { get; private set; }

    /// <summary>What a proposal takes, in milliseconds.</summary>
    public double NominalMilliseconds => _drafter.NominalMilliseconds;

    /// <summary>Whether it proposes so fast that it may lengthen the drafts of others.</summary>
    public bool MayLengthen => _drafter.NominalMilliseconds < MostMillisecondsToLengthen;

    /// <summary>A request starts.</summary>
    public void TryBegin()
    {
        _shadowNode = Resolved;
        _accepted = _expected = 0;
        try
        {
            _drafter.Begin();
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    /// <summary>It is not asked any more.</summary>
    public void Fail(Exception error) => Failure = error.Message;

    /// <summary>Takes committed tokens, and compares them with what was proposed before them.</summary>
    /// <param name="tokens">The next committed tokens.</param>
    /// <param name="table">What is learned of the drafter's confidence.</param>
    public void TryAppend(ReadOnlySpan<int> tokens, ConfidenceTable table)
    {
        if (Failure is not null)
        {
            return;
        }

        foreach (var token in tokens)
        {
            if (_shadowNode == Resolved)
            {
                break;
            }

            Score(token, table);
        }

        try
        {
            _drafter.Append(tokens);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    /// <summary>Proposes for this round, and ranks the nodes; false when there are none.</summary>
    public bool TryPropose(int maximumDepth, int maximumPaths, ConfidenceTable table)
    {
        if (!TryAsk([], maximumDepth))
        {
            return false;
        }

        Ranking.Rank(Proposal, 1, Scale, maximumPaths, table);
        if (_shadowNode == Resolved)
        {
            _shadow.CopyFrom(Proposal);
            _shadowNode = TokenTree.Anchor;
        }

        return true;
    }

    /// <summary>Proposes one path that follows a draft, which survives with a probability; false when there is none.</summary>
    public bool TryProposeBehind(ReadOnlySpan<int> pending, int maximumDepth, double survival, ConfidenceTable table)
    {
        if (!TryAsk(pending, maximumDepth))
        {
            return false;
        }

        Ranking.Rank(Proposal, survival, Scale, maximumPaths: 1, table);
        return true;
    }

    private bool TryAsk(ReadOnlySpan<int> pending, int maximumDepth)
    {
        Proposal.Clear();
        if (Failure is not null)
        {
            return false;
        }

        try
        {
            _drafter.Propose(pending, Proposal, TokenTree.Anchor, maximumDepth);
        }
        catch (TreeFullException)
        {
            // What fits stands.
        }
        catch (Exception error)
        {
            Fail(error);
            return false;
        }

        return Proposal.Count > 0;
    }

    private double Scale => (_accepted + PriorTokens) / (_expected + PriorTokens);

    private void Score(int token, ConfidenceTable table)
    {
        var taken = Resolved;
        var expected = 0.0;
        for (var child = _shadow.FirstChild(_shadowNode); child >= 0; child = _shadow.NextSibling(child))
        {
            var confidence = _shadow.Probabilities[child];
            expected += table.Acceptance(confidence);
            taken = _shadow.Tokens[child] == token ? child : taken;
        }

        for (var child = _shadow.FirstChild(_shadowNode); child >= 0; child = _shadow.NextSibling(child))
        {
            table.Add(_shadow.Probabilities[child], child == taken);
        }

        _accepted = (_accepted * Keep) + (taken >= 0 ? 1 : 0);
        _expected = (_expected * Keep) + Math.Min(1, expected);
        _shadowNode = taken >= 0 && _shadow.FirstChild(taken) >= 0 ? taken : Resolved;
    }
}
