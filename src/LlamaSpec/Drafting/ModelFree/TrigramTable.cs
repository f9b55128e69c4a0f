namespace LlamaSpec.Drafting.ModelFree;

/// <summary>
/// Which tokens follow two tokens, and how often: the static part of ADED (arXiv 2407.12021). Flat arrays, immutable, safe
/// from any thread and shared by all requests. The second tokens of a first token are sorted and searched.
/// </summary>
public sealed class TrigramTable
{
    /// <summary>Continuations kept of two tokens: the heaviest.</summary>
    public const int MostContinuations = 12;

    /// <summary>Most tokens of a vocabulary: three ids fit into 64 bits.</summary>
    public const int LargestVocabulary = 1 << 21;

    /// <summary>Most pairs of tokens.</summary>
    public const int MostKeys = 1 << 24;

    private readonly int[] _firstStarts;
    private readonly int[] _seconds;
    private readonly int[] _starts;
    private readonly int[] _tokens;
    private readonly float[] _weights;

    internal TrigramTable(TrigramOrigin origin, int[] firstStarts, int[] seconds, int[] starts, int[] tokens, float[] weights)
    {
        Origin = origin;
        (_firstStarts, _seconds, _starts, _tokens, _weights) = (firstStarts, seconds, starts, tokens, weights);
    }

    /// <summary>What it was counted from.</summary>
    public TrigramOrigin Origin { get; }

    /// <summary>Tokens of the vocabulary.</summary>
    public int VocabularySize => _firstStarts.Length - 1;

    /// <summary>Pairs of tokens that have continuations.</summary>
    public int KeyCount => _seconds.Length;

    /// <summary>Continuations of all pairs.</summary>
    public int ContinuationCount => _tokens.Length;

    /// <summary>Memory of the arrays.</summary>
    public long MemoryBytes => sizeof(int) * ((long)_firstStarts.Length + _seconds.Length + _starts.Length + _tokens.Length + _weights.Length);

    /// <summary>
    /// What follows two tokens: ids, and the share of the pair's occurrences that each followed, the heaviest first. Empty where
    /// nothing is known, also for ids outside the vocabulary.
    /// </summary>
    public TrigramContinuations Find(int first, int second)
    {
        if ((uint)first >= (uint)VocabularySize)
        {
            return default;
        }

        var start = _firstStarts[first];
        var key = _seconds.AsSpan(start, _firstStarts[first + 1] - start).BinarySearch(second);
        return key < 0 ? default : At(start + key);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is no tri-gram table, of another version, or damaged; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrigramTable Load(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Load(stream);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="InvalidDataException">The content is no tri-gram table, of another version, or damaged; the message says which.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static TrigramTable Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return TrigramReader.Read(stream);
    }

    /// <summary>Writes the file format. The bytes depend on nothing but what is in here.</summary>
    /// <param name="stream">Receives the bytes; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        TrigramWriter.Write(this, stream);
    }

    /// <summary>The pairs of a first token: numbers of keys.</summary>
    internal (int Start, int End) KeysOf(int first) => (_firstStarts[first], _firstStarts[first + 1]);

    internal int SecondOf(int key) => _seconds[key];

    internal TrigramContinuations At(int key)
    {
        var (start, count) = (_starts[key], _starts[key + 1] - _starts[key]);
        return new TrigramContinuations(_tokens.AsSpan(start, count), _weights.AsSpan(start, count));
    }
}
