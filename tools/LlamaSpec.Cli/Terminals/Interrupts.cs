using System.Diagnostics.CodeAnalysis;

namespace LlamaSpec.Cli.Terminals;

/// <summary>Ctrl-C as a token. Raised from any thread; renewed by the one command that goes on after it, the chat.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer or a link holds nothing to free, and readers may still use its token.")]
internal sealed class Interrupts
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _source = new();

    /// <summary>Cancelled by the next Ctrl-C.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_lock)
            {
                return _source.Token;
            }
        }
    }

    /// <summary>Cancels the token. False when it was cancelled already: whoever presses again wants out at once.</summary>
    public bool TryRaise()
    {
        CancellationTokenSource source;
        lock (_lock)
        {
            if (_source.IsCancellationRequested)
            {
                return false;
            }

            source = _source;
        }

        source.Cancel();
        return true;
    }

    /// <summary>Forgets an interrupt that was handled. Returns the token of the next one.</summary>
    public CancellationToken Renew()
    {
        lock (_lock)
        {
            if (_source.IsCancellationRequested)
            {
                _source = new CancellationTokenSource();
            }

            return _source.Token;
        }
    }

    /// <summary>Cancelled by Ctrl-C or by the token given.</summary>
    public CancellationTokenSource Link(CancellationToken cancellationToken) =>
        CancellationTokenSource.CreateLinkedTokenSource(Token, cancellationToken);
}
