namespace LlamaSpec.Policies.Auto;

/// <summary>
/// Now and then a draft goes on by one token more than it should: what is never tried is never learned. For half a percent of
/// what drafting brings, so the more seldom the dearer a token.
/// </summary>
internal struct ExtensionAccount
{
    private const double Share = 0.005;
    private const double Most = 2;

    private double _tokens;

    /// <summary>Takes the tokens that a round with a draft committed.</summary>
    public void Earn(int tokens) => _tokens = Math.Min(_tokens + (Share * tokens), Most);

    /// <summary>Pays for a token too much, if there is enough.</summary>
    /// <param name="loss">What it is expected to lose, in tokens.</param>
    public bool TryPay(double loss)
    {
        var pays = double.IsFinite(loss) && _tokens > loss;
        _tokens -= pays ? loss : 0;
        return pays;
    }
}
