using System.Diagnostics;
using System.Numerics.Tensors;

namespace LlamaSpec.Sampling;

/// <summary>
/// Weights over the target's vocabulary: one float per token, looked up by token id. When few tokens have weight,
/// their list (the support) is kept too, so that work is proportional to it. Weights need not sum to 1.
/// </summary>
/// <param name="vocabularySize">Tokens of the target.</param>
public sealed class TokenDistribution(int vocabularySize)
{
    // 1024: a longer list costs more to walk than the vectorised sweep over the whole row.
    internal const int SupportLimit = 1024;

    // Pinned, so that native kernels can keep the address.
    private readonly float[] _weights = GC.AllocateArray<float>(vocabularySize, pinned: true);
    private readonly int[] _support = new int[Math.Min(SupportLimit, vocabularySize)];
    private int _supportCount;

    /// <summary>Tokens of the target.</summary>
    public int VocabularySize => _weights.Length;

    /// <summary>Whether any token may have weight; else only those in <see cref="Support"/> do.</summary>
    public bool IsDense { get; private set; }

    /// <summary>Weight of each token.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>The tokens that have weight, unless <see cref="IsDense"/>.</summary>
    public ReadOnlySpan<int> Support => _support.AsSpan(0, _supportCount);

    /// <summary>Weight of one token.</summary>
    public float this[int token] => _weights[token];

    /// <summary>Removes all weight.</summary>
    public void Clear()
    {
        if (IsDense)
        {
            Array.Clear(_weights);
        }
        else
        {
            foreach (var token in Support)
            {
                _weights[token] = 0;
            }
        }

        IsDense = false;
        _supportCount = 0;
    }

    /// <summary>Gives a token weight. The token must have none yet.</summary>
    public void Add(int token, float weight)
    {
        Debug.Assert(weight >= 0, "A weight is not negative.");
        Debug.Assert(_weights[token] == 0, "A token is added once.");
        _weights[token] = weight;
        if (IsDense)
        {
            return;
        }

        if (_supportCount == _support.Length)
        {
            IsDense = true;
            return;
        }

        _support[_supportCount++] = token;
    }

    /// <summary>Takes a token's weight away.</summary>
    public void Remove(int token) => _weights[token] = 0;

    /// <summary>Scales the weights to a sum of 1; false, and nothing changed, when they sum to less than <paramref name="leastMass"/>.</summary>
    public bool TryNormalise(double leastMass)
    {
        var mass = Mass();
        if (!(mass >= leastMass))
        {
            return false;
        }

        var factor = (float)(1 / mass);
        if (IsDense)
        {
            TensorPrimitives.Multiply(_weights, factor, _weights);
            return true;
        }

        foreach (var token in Support)
        {
            _weights[token] *= factor;
        }

        return true;
    }

    /// <summary>Sum of all weights, in float64.</summary>
    public double Mass()
    {
        var mass = 0.0;
        if (IsDense)
        {
            foreach (var weight in _weights)
            {
                mass += weight;
            }

            return mass;
        }

        foreach (var token in Support)
        {
            mass += _weights[token];
        }

        return mass;
    }

    /// <summary>The whole row, to be overwritten in full by the caller.</summary>
    public Span<float> OverwriteAll()
    {
        IsDense = true;
        _supportCount = 0;
        return _weights;
    }

    /// <summary>Draws a token with probability proportional to its weight, or -1 when there is no weight.</summary>
    /// <param name="kernels">Row arithmetic.</param>
    /// <param name="uniform">A number in [0, 1).</param>
    public int Sample(IKernels kernels, double uniform)
    {
        if (IsDense)
        {
            return kernels.Sample(_weights, uniform);
        }

        var threshold = uniform * Mass();
        var sum = 0.0;
        var last = -1;
        foreach (var token in Support)
        {
            if (_weights[token] > 0)
            {
                sum += _weights[token];
                last = token;
                if (sum > threshold)
                {
                    break;
                }
            }
        }

        return last;
    }
}
