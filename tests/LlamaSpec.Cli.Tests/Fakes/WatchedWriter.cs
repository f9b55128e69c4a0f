namespace LlamaSpec.Cli.Tests.Fakes;

/// <summary>Acts once, when a text has been written.</summary>
internal sealed class WatchedWriter(string awaited, Action act) : StringWriter
{
    private bool _hasActed;

    public override void Write(char value)
    {
        base.Write(value);
        ActOnce();
    }

    public override void Write(string? value)
    {
        base.Write(value);
        ActOnce();
    }

    public override void Write(char[] buffer, int index, int count)
    {
        base.Write(buffer, index, count);
        ActOnce();
    }

    private void ActOnce()
    {
        if (!_hasActed && GetStringBuilder().ToString().Contains(awaited, StringComparison.Ordinal))
        {
            _hasActed = true;
            act();
        }
    }
}
