using LlamaSpec.Models;
using LlamaSpec.Policies.Ldlp;
using LlamaSpec.Sampling;
using LlamaSpec.Tests.Fakes;

namespace LlamaSpec.Tests.Policies.Ldlp;

/// <summary>The recorders against the same facts found slowly, one position at a time.</summary>
public class RecorderTests
{
    private const int Vocabulary = 12;
    private const int AnswerLength = 40;
    private const int Longest = 4;
    private static readonly int[] Prompt = [3, 1, 4, 1, 5];
    private static readonly SamplingOptions Sampled = new() { Temperature = 0.7f, TopK = 6, TopP = 1, MinP = 0 };

    [TestCase(3)]
    [TestCase(256)]
    public void AGreedyAnswerIsTheArgMaxOfEveryPrefix(int rowCapacity)
    {
        var target = MarkovModelRunner.Random(Vocabulary, 1, rowCapacity: rowCapacity);
        var answer = Answers(target).Record(Prompt, SamplingOptions.Greedy, AnswerLength, 0);
        var hidden = new float[MarkovModelRunner.HiddenWidth];
        Assert.That((answer.PromptLength, answer.AnswerLength, answer.HasEnded), Is.EqualTo((5, AnswerLength, false)));
        for (var i = 0; i < AnswerLength; i++)
        {
            int[] prefix = [.. answer.Tokens.Take(Prompt.Length + i)];
            var logits = target.LogitsAfter(prefix);
            Assert.That(answer.Tokens[prefix.Length], Is.EqualTo(Array.IndexOf(logits, logits.Max())));
            answer.ReadHiddenRow(i, hidden);
            Assert.That(hidden, Is.EqualTo(HiddenAfter(prefix)).Within(1e-3));
        }
    }

    [Test]
    public void TheEndOfGenerationEndsAnAnswer()
    {
        var target = MarkovModelRunner.Random(Vocabulary, 1);
        var free = Answers(target).Record(Prompt, Sampled, AnswerLength, 9).Tokens;
        var end = free[Prompt.Length + 6];
        var answer = new AnswerRecorder(target, token => token == end, new ManagedKernels()).Record(Prompt, Sampled, AnswerLength, 9);
        Assert.That(answer.HasEnded, Is.True);
        Assert.That(answer.Tokens, Is.EqualTo(free.Take(Prompt.Length + free.Skip(Prompt.Length).ToList().IndexOf(end) + 1)));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(256)]
    public void MatchesAreThoseOfTheDraftAfterEachPrefix(int rowCapacity)
    {
        var target = MarkovModelRunner.Random(Vocabulary, 1);
        var table = target.Disturbed(5, 1.5f);
        var answer = Answers(target).Record(Prompt, SamplingOptions.Greedy, AnswerLength, 0);
        int[] tokens = [.. answer.Tokens];
        var draft = Same(table, rowCapacity);
        var matches = new AcceptanceRecorder(draft, null, Vocabulary, new ManagedKernels()).RecordMatches(tokens, Prompt.Length);
        var expected = Enumerable.Range(Prompt.Length, AnswerLength).Select(next => ArgMax(table.LogitsAfter(tokens.AsSpan(0, next))) == tokens[next] ? 1f : 0f);
        Assert.That(matches, Is.EqualTo(expected));
        Assert.That(matches.Average(), Is.InRange(0.2, 0.95));
        Assert.That(draft.DecodedRows, Is.EqualTo(tokens.Length - 1), "every token once, the last one never");
    }

    [Test]
    public void AcceptancesOfASampledAnswerAreTheSharedProbability()
    {
        var target = MarkovModelRunner.Random(Vocabulary, 1);
        var draft = target.Disturbed(5, 1f);
        var answer = Answers(target).Record(Prompt, Sampled, AnswerLength, 3);
        var acceptances = new AcceptanceRecorder(draft, null, Vocabulary, new ManagedKernels()).Record(answer, Sampled);
        for (var i = 0; i < AnswerLength; i++)
        {
            int[] prefix = [.. answer.Tokens.Take(Prompt.Length + i)];
            var (left, right) = (Shape(target.LogitsAfter(prefix)), Shape(draft.LogitsAfter(prefix)));
            Assert.That(acceptances[i], Is.EqualTo(Enumerable.Range(0, Vocabulary).Sum(token => Math.Min(left[token], right[token]))).Within(1e-4));
        }

        Assert.That(acceptances.Max() - acceptances.Min(), Is.GreaterThan(0.1));
    }

    [Test]
    public void ATrimmedDraftSpeaksThroughItsMap()
    {
        // Rows 0 to 3 stand for the target tokens 1, 3, 4 and 5; row 4 is the unknown one, which would win if it might.
        var map = new TokenMap([1, 3, 4, 5, -1], 4, Vocabulary);
        float[] logits = [3, 2, 1, 0, 9];
        var draft = new MarkovModelRunner([.. Enumerable.Repeat(logits, 36)], 5);
        var matches = new AcceptanceRecorder(draft, map, Vocabulary, new ManagedKernels()).RecordMatches([3, 1, 1, 7, 1, 5], 2);
        Assert.That(matches, Is.EqualTo([1, 0, 1, 0]));
        Assert.That(draft.Cells(0), Is.EqualTo([1, 0, 0, 4, 0]));
    }

    [Test]
    public void RunLengthsCountWhatFollows()
    {
        Assert.That(AcceptanceRecorder.RunLengths([1, 1, 0, 1, 1, 1]), Is.EqualTo([2, 1, 0, 3, 2, 1]));
        Assert.That(AcceptanceRecorder.RunLengths([]), Is.Empty);
    }

    [Test]
    public void SurvivalIsTheProductOfWhatFollows()
    {
        var survival = new float[3];
        AcceptanceRecorder.Survival([0.5f, 0.8f, 0.5f], 1, survival);
        Assert.That(survival, Is.EqualTo([0.8f, 0.4f, 0f]).Within(1e-6));
    }

    [TestCase(0f)]
    [TestCase(0.7f)]
    public void SamplesHoldTheRowsAndTheFutureOfTheirAnchor(float temperature)
    {
        var sampling = Sampled with { Temperature = temperature };
        var target = MarkovModelRunner.Random(Vocabulary, 1);
        var draft = target.Disturbed(5, 1f);
        var samples = Record(target, draft, sampling, endToken: -1, out var added);
        var answer = Answers(target).Record(Prompt, sampling, AnswerLength, 3);
        var accepted = new AcceptanceRecorder(draft, null, Vocabulary, new ManagedKernels()).Record(answer, sampling);
        Assert.That((added, samples.Count), Is.EqualTo((AnswerLength - Longest, AnswerLength - Longest)));
        var input = new float[2 * MarkovModelRunner.HiddenWidth];
        for (var i = 0; i < added; i++)
        {
            var label = 0.0;
            for (var j = 1; j <= Longest; j++)
            {
                label += accepted.Skip(i + 1).Take(j).Aggregate(1.0, static (product, value) => product * value);
            }

            Assert.That(samples.Label(i), Is.EqualTo(label).Within(1e-4));
            int[] prefix = [.. answer.Tokens.Take(Prompt.Length + i)];
            var expected = new float[input.Length];
            LdlpInput.Write(Embedding(answer.Tokens[prefix.Length]), HiddenAfter(prefix), expected);
            samples.ReadInput(i, input);
            Assert.That(input, Is.EqualTo(expected).Within(2e-3));
        }
    }

    [Test]
    public void AnAnswerThatEndedIsKnownToItsEnd()
    {
        var target = MarkovModelRunner.Random(Vocabulary, 1);
        var end = Answers(target).Record(Prompt, Sampled, AnswerLength, 3).Tokens[^5];
        var length = new AnswerRecorder(target, token => token == end, new ManagedKernels()).Record(Prompt, Sampled, AnswerLength, 3).AnswerLength;
        var samples = Record(target, target, Sampled, end, out var added);
        Assert.That(added, Is.EqualTo(length - 1));
        Assert.That(samples.Label(added - 1), Is.EqualTo(1).Within(1e-4), "the draft is the target: the last token is accepted, and nothing comes after");
    }

    [Test]
    public void TextsThatDoNotFitAreRefused()
    {
        var target = MarkovModelRunner.Random(Vocabulary, 1, cellCapacity: 8);
        Assert.That(() => Answers(target).Record(new int[8], SamplingOptions.Greedy, 1, 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Answers(target).Record([], SamplingOptions.Greedy, 1, 0), Throws.InstanceOf<ArgumentException>());
        Assert.That(Answers(target).Record(Prompt, SamplingOptions.Greedy, 100, 0).AnswerLength, Is.EqualTo(3));
        var recorder = new AcceptanceRecorder(target, null, Vocabulary, new ManagedKernels());
        Assert.That(() => recorder.RecordMatches(new int[10], 2), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => recorder.RecordMatches([1, 2], 0), Throws.InstanceOf<ArgumentException>());
    }

    private static LdlpSampleSet Record(MarkovModelRunner target, MarkovModelRunner draft, SamplingOptions sampling, int endToken, out int added)
    {
        var kernels = new ManagedKernels();
        var samples = new LdlpSampleSet(MarkovModelRunner.HiddenWidth, Longest);
        var recorder = new LdlpSampleRecorder(
            new AnswerRecorder(target, token => token == endToken, kernels),
            new AcceptanceRecorder(draft, null, Vocabulary, kernels),
            static (token, row) => Embedding(token).CopyTo(row));
        added = recorder.Record(Prompt, 0, sampling, AnswerLength, 3, samples);
        return samples;
    }

    private static AnswerRecorder Answers(MarkovModelRunner target) => new(target, static _ => false, new ManagedKernels());

    private static float[] Embedding(int token) => [.. Enumerable.Range(1, MarkovModelRunner.HiddenWidth).Select(i => MathF.Cos(token * i))];

    private static float[] HiddenAfter(ReadOnlySpan<int> prefix)
    {
        var state = ((prefix[^2] + 1) * (Vocabulary + 1)) + prefix[^1] + 1;
        return [.. Enumerable.Range(1, MarkovModelRunner.HiddenWidth).Select(i => MathF.Sin(state * i * 0.37f))];
    }

    // The same model with another row capacity.
    private static MarkovModelRunner Same(MarkovModelRunner model, int rowCapacity)
    {
        float[][] table = [.. Enumerable.Range(0, (Vocabulary + 1) * (Vocabulary + 1)).Select(state =>
        {
            var (secondLast, last) = ((state / (Vocabulary + 1)) - 1, (state % (Vocabulary + 1)) - 1);
            return model.LogitsAfter(secondLast < 0 ? last < 0 ? [] : [last] : [secondLast, Math.Max(last, 0)]);
        })];
        return new MarkovModelRunner(table, Vocabulary, rowCapacity: rowCapacity);
    }

    private static int ArgMax(float[] logits) => Array.IndexOf(logits, logits.Max());

    private static TokenDistribution Shape(float[] logits)
    {
        var distribution = new TokenDistribution(Vocabulary);
        new Sampler(new ManagedKernels(), Vocabulary).TryShape(logits, null, [], Sampled, distribution, out _);
        return distribution;
    }
}
