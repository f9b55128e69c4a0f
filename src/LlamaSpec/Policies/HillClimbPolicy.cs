using LlamaSpec.Sampling;

namespace LlamaSpec.Policies;

/// <summary>
/// Climbs on the measured speed, after ONNX Runtime GenAI: one token less while under half of the drafts survive, one more
/// as a probe while three quarters do. A probe stays when it is at most 3 % slower, and ends at once when it is 20 % slower.
/// </summary>
public sealed class HillClimbPolicy : IDraftLengthPolicy
{
    private const int FirstLength = 3;
    private const double Weight = 0.25;
    private const double LowAcceptance = 0.5;
    private const double HighAcceptance = 0.75;
    private const double KeepFactor = 0.97;
    private const double DropFactor = 0.8;

    // Rounds before a length is judged: one noisy round must not move it.
    private const int RoundsPerTrial = 8;

    private double _acceptanceRate = 0.6;
    private double _speed;
    private double _speedBefore;
    private int _lengthBefore;
    private int _rounds;

    /// <summary>Length of the next round, before the engine's limit.</summary>
    public int Length { get; private set; } = FirstLength;

    private bool IsProbing => _lengthBefore > 0;

    /// <inheritdoc />
    public bool BeforePass(in DraftProgress progress) => progress.DraftedCount < Length;

    /// <inheritdoc />
    public bool BeforeSampling(in DraftProgress progress, in RowStatistics distribution) => true;

    /// <inheritdoc />
    public void Observe(in RoundOutcome outcome)
    {
        if (outcome.DraftedCount == 0 || outcome.PromptRows > 0 || outcome.StepMilliseconds <= 0)
        {
            return;
        }

        var speed = (outcome.AcceptedCount + 1) / outcome.StepMilliseconds;
        _speed = _rounds == 0 ? speed : _speed + (Weight * (speed - _speed));
        _acceptanceRate += Weight * (((double)outcome.AcceptedCount / outcome.DraftedCount) - _acceptanceRate);
        _rounds++;
        var isDrop = IsProbing && _rounds > 1 && _speed < DropFactor * _speedBefore;
        if (isDrop || _rounds >= RoundsPerTrial)
        {
            Move(outcome.MaximumLength);
        }
    }

    private void Move(int maximumLength)
    {
        _rounds = 0;
        if (IsProbing)
        {
            Length = _speed >= KeepFactor * _speedBefore ? Length : _lengthBefore;
            _lengthBefore = 0;
        }
        else if (_acceptanceRate < LowAcceptance)
        {
            Length = Math.Max(1, Length - 1);
        }
        else if (_acceptanceRate >= HighAcceptance && Length < maximumLength)
        {
            (_lengthBefore, _speedBefore) = (Length, _speed);
            Length++;
        }
    }
}
