using System.Diagnostics;

namespace LlamaSpec.Models;

/// <summary>
/// The rows of one decode, in flat arrays sized once. A row is one token at one position of one sequence, or of several that
/// share it: the branches of a token tree. Rows of the same sequence must be added in ascending position.
/// </summary>
/// <param name="capacity">Most rows the batch can hold.</param>
public sealed class TokenBatch(int capacity)
{
    private readonly int[] _tokens = new int[capacity];
    private readonly int[] _positions = new int[capacity];
    private readonly int[] _sequenceCounts = new int[capacity];
    private int[] _sequences = new int[capacity];
    private int _sequencesUsed;
    private readonly byte[] _wantsLogits = new byte[capacity];

    /// <summary>Most rows the batch can hold.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Rows added since <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Token of each row.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Position of each row in its sequence, from 0.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>Sequences of all rows (<see cref="SequenceId.Value"/>), one row's after the other's: usually one each.</summary>
    public ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, _sequencesUsed);

    /// <summary>How many of <see cref="Sequences"/> belong to each row.</summary>
    public ReadOnlySpan<int> SequenceCounts => _sequenceCounts.AsSpan(0, Count);

    /// <summary>1 for rows whose logits are wanted, else 0.</summary>
    public ReadOnlySpan<byte> WantsLogits => _wantsLogits.AsSpan(0, Count);

    /// <summary>
    /// Whether the decode is to give the hidden rows too, for <see cref="IModelRunner.HiddenRow"/>. Then every row must want its
    /// logits: backends compute the hidden state only for rows that have an output. <see cref="Clear"/> sets it back.
    /// </summary>
    public bool WantsHiddenRows { get; set; }

    /// <summary>Adds a row and returns its index, by which its logits are read back.</summary>
    public int Add(int token, int position, SequenceId sequence, bool wantsLogits)
    {
        var row = Add(token, position, wantsLogits);
        AddSequence(sequence);
        return row;
    }

    /// <summary>Adds a row that <see cref="AddSequence"/> must give at least one sequence, and returns its index.</summary>
    public int Add(int token, int position, bool wantsLogits)
    {
        Debug.Assert(Count < Capacity, "The planner must not exceed the row budget.");
        Debug.Assert(position >= 0, "A row has a position.");
        var row = Count++;
        _tokens[row] = token;
        _positions[row] = position;
        _sequenceCounts[row] = 0;
        _wantsLogits[row] = wantsLogits ? (byte)1 : (byte)0;
        return row;
    }

    /// <summary>Makes the last row a row of one more sequence. It sees what the first of its sequences holds.</summary>
    public void AddSequence(SequenceId sequence)
    {
        if (_sequencesUsed == _sequences.Length)
        {
            Array.Resize(ref _sequences, 2 * _sequences.Length);
        }

        _sequences[_sequencesUsed++] = sequence.Value;
        _sequenceCounts[Count - 1]++;
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        Count = _sequencesUsed = 0;
        WantsHiddenRows = false;
    }
}
