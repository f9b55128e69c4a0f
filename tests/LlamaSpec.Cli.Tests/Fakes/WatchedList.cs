using System.Collections;

namespace LlamaSpec.Cli.Tests.Fakes;

/// <summary>No texts; acts when somebody looks.</summary>
internal sealed class WatchedList(Action act) : IReadOnlyList<string>
{
    public int Count
    {
        get
        {
            act();
            return 0;
        }
    }

    public string this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<string> GetEnumerator() => Enumerable.Empty<string>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
