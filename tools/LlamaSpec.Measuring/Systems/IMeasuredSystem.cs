using LlamaSpec.Measuring.Prompts;
using LlamaSpec.Sampling;

namespace LlamaSpec.Measuring.Systems;

/// <summary>Something that answers questions and says how long it took.</summary>
internal interface IMeasuredSystem
{
    SystemLabel Label { get; }

    /// <summary>How long its threads need to come to rest after an answer.</summary>
    TimeSpan PauseAfter { get; }

    /// <summary>Whether it is measured at this temperature.</summary>
    bool AnswersAt(float temperature);

    /// <summary>Answers one question. One at a time.</summary>
    /// <exception cref="MeasurementException">There is no answer that can be measured.</exception>
    Task<MeasuredAnswer> AnswerAsync(ChatPrompt prompt, SamplingOptions sampling, CancellationToken cancellationToken);
}
