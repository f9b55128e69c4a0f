namespace LlamaSpec.Drafting.ModelFree;

/// <summary>Counts the tri-grams of texts as they come, in bounded memory, and makes a table of them. One thread at a time.</summary>
public sealed class TrigramTrainer
{
    // Some milliseconds of counting.
    private const int TokensBetweenReports = 1 << 16;

    private readonly int _vocabularySize;
    private readonly TrigramTrainingOptions _options;
    private readonly IProgress<TrigramProgress>? _progress;
    private readonly TrigramCounts _counts;

    /// <summary>Makes a trainer that has read nothing.</summary>
    /// <param name="vocabularySize">Tokens of the vocabulary, at most <see cref="TrigramTable.LargestVocabulary"/>.</param>
    /// <param name="options">Limits; null = the defaults.</param>
    /// <param name="progress">Told every 65,536 tokens.</param>
    public TrigramTrainer(int vocabularySize, TrigramTrainingOptions? options = null, IProgress<TrigramProgress>? progress = null)
    {
        Check.Range(vocabularySize, 1, TrigramTable.LargestVocabulary, nameof(vocabularySize));
        _vocabularySize = vocabularySize;
        _options = options ?? new TrigramTrainingOptions();
        _options.Validate();
        _progress = progress;
        _counts = new TrigramCounts(_options.MaximumTrigrams);
    }

    /// <summary>Tokens read.</summary>
    public long TokenCount { get; private set; }

    /// <summary>Tri-grams that were forgotten for want of room: where there are many, rare ones are counted too low.</summary>
    public long ForgottenCount => _counts.ForgottenCount;

    /// <summary>Reads a text. No tri-gram reaches from one text into the next.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the vocabulary; nothing of the text was read.</exception>
    public void Add(ReadOnlySpan<int> tokens)
    {
        foreach (var token in tokens)
        {
            Check.Range(token, 0, _vocabularySize - 1, nameof(tokens));
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            if (i >= 2)
            {
                _counts.Add(tokens[i - 2], tokens[i - 1], tokens[i]);
            }

            if (++TokenCount % TokensBetweenReports == 0)
            {
                _progress?.Report(new TrigramProgress(TokenCount, _counts.Count));
            }
        }
    }

    /// <summary>
    /// The table of what was read: of each pair of tokens the heaviest continuations with their share of all that followed it. Of
    /// equally frequent ones the lower id comes first.
    /// </summary>
    /// <param name="vocabularyFingerprint">Names the vocabulary in the file; at most 256 bytes of UTF-8.</param>
    public TrigramTable Build(string vocabularyFingerprint)
    {
        ArgumentNullException.ThrowIfNull(vocabularyFingerprint);
        Check.Range(System.Text.Encoding.UTF8.GetByteCount(vocabularyFingerprint), 0, TrigramOrigin.LongestFingerprintBytes, nameof(vocabularyFingerprint));
        var (trigrams, counts) = _counts.ToSorted();
        var groups = SelectGroups(trigrams, counts);
        var builder = new TrigramTableBuilder(_vocabularySize, groups.Count);
        foreach (var group in groups)
        {
            AddGroup(builder, trigrams.AsSpan(group.Start, group.Count), counts.AsSpan(group.Start, group.Count), group.Total);
        }

        return builder.Build(new TrigramOrigin { VocabularyFingerprint = vocabularyFingerprint, TokenCount = TokenCount });
    }

    // One group for each pair of tokens: the most frequent pairs, in ascending order.
    private List<Group> SelectGroups(ulong[] trigrams, int[] counts)
    {
        var groups = new List<Group>();
        for (var (start, end) = (0, 0); start < trigrams.Length; start = end)
        {
            var (total, isKept) = (0L, false);
            for (end = start; end < trigrams.Length && trigrams[end] >> TrigramCounts.TokenBits == trigrams[start] >> TrigramCounts.TokenBits; end++)
            {
                total += counts[end];
                isKept |= counts[end] >= _options.MinimumCount;
            }

            if (isKept)
            {
                groups.Add(new Group(start, end - start, total));
            }
        }

        if (groups.Count > _options.MaximumKeys)
        {
            groups.Sort(static (left, right) => right.Total != left.Total ? right.Total.CompareTo(left.Total) : left.Start.CompareTo(right.Start));
            groups.RemoveRange(_options.MaximumKeys, groups.Count - _options.MaximumKeys);
            groups.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        }

        return groups;
    }

    private void AddGroup(TrigramTableBuilder builder, ReadOnlySpan<ulong> trigrams, Span<int> counts, long total)
    {
        const int TokenMask = (1 << TrigramCounts.TokenBits) - 1;
        var pair = trigrams[0] >> TrigramCounts.TokenBits;
        builder.AddKey((int)(pair >> TrigramCounts.TokenBits), (int)pair & TokenMask);
        for (var kept = 0; kept < Math.Min(trigrams.Length, TrigramTable.MostContinuations); kept++)
        {
            var best = 0;
            for (var i = 1; i < counts.Length; i++)
            {
                best = counts[i] > counts[best] ? i : best;
            }

            if (counts[best] < _options.MinimumCount)
            {
                return;
            }

            // Sixteen bits are what the file keeps.
            var weight = Half.Max(Half.Epsilon, (Half)((double)counts[best] / total));
            builder.AddContinuation((int)trigrams[best] & TokenMask, (float)weight);
            counts[best] = 0;
        }
    }

    private readonly record struct Group(int Start, int Count, long Total);
}
