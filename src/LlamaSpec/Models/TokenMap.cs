using System.Collections.Frozen;

namespace LlamaSpec.Models;

/// <summary>
/// The vocabulary of a trimmed draft: which target token each of its rows stands for (FR-Spec, arXiv 2502.14856).
/// Lossless, since a token that the draft lacks simply has draft probability 0. Immutable, safe from any thread.
/// </summary>
public sealed class TokenMap
{
    private readonly int[] _targetTokens;
    private readonly FrozenDictionary<int, int> _rows;
    private readonly int[] _rowsWithoutToken;

    /// <summary>Creates a map.</summary>
    /// <param name="targetTokens">Target id of each draft row, or -1 for a row that stands for none.</param>
    /// <param name="unknownRow">The row to feed for a target token that the draft does not know. Never proposed.</param>
    /// <param name="targetVocabularySize">Tokens of the target.</param>
    /// <exception cref="ModelFailureException">The map contradicts itself.</exception>
    public TokenMap(IReadOnlyList<int> targetTokens, int unknownRow, int targetVocabularySize)
    {
        ArgumentNullException.ThrowIfNull(targetTokens);
        _targetTokens = [.. targetTokens];
        TargetVocabularySize = targetVocabularySize;
        UnknownRow = unknownRow;
        if (unknownRow < 0 || unknownRow >= _targetTokens.Length)
        {
            throw new ModelFailureException($"The draft's unknown token {unknownRow} is not one of its {_targetTokens.Length} rows. Use a draft whose metadata is intact.");
        }

        var rows = new Dictionary<int, int>(_targetTokens.Length);
        for (var row = 0; row < _targetTokens.Length; row++)
        {
            var token = _targetTokens[row];
            if (token < -1 || token >= targetVocabularySize)
            {
                throw new ModelFailureException($"The draft's token map sends row {row} to token {token}, but the target has {targetVocabularySize} tokens. Use the draft that was made for this target.");
            }

            if (token >= 0 && row != unknownRow && !rows.TryAdd(token, row))
            {
                throw new ModelFailureException($"The draft's token map names target token {token} twice (rows {rows[token]} and {row}). Use a draft whose metadata is intact.");
            }
        }

        _rows = rows.ToFrozenDictionary();
        _rowsWithoutToken = [.. Enumerable.Range(0, _targetTokens.Length).Where(row => row == unknownRow || _targetTokens[row] < 0)];
    }

    /// <summary>Rows of the draft: its logits columns.</summary>
    public int RowCount => _targetTokens.Length;

    /// <summary>The row to feed for a target token that the draft does not know. Never proposed.</summary>
    public int UnknownRow { get; }

    /// <summary>Tokens of the target that the map was made for.</summary>
    public int TargetVocabularySize { get; }

    /// <summary>Target id of each row, or -1.</summary>
    public ReadOnlySpan<int> TargetTokens => _targetTokens;

    /// <summary>Rows that must never be proposed, the unknown row among them.</summary>
    public ReadOnlySpan<int> RowsWithoutToken => _rowsWithoutToken;

    /// <summary>Target id of a draft row, or -1.</summary>
    public int ToTarget(int row) => row == UnknownRow ? -1 : _targetTokens[row];

    /// <summary>Draft row of a target token; <see cref="UnknownRow"/> when the draft lacks it.</summary>
    public int FromTarget(int token) => _rows.GetValueOrDefault(token, UnknownRow);
}
