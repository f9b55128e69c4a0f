using System.Diagnostics;
using System.Threading.Channels;
using LlamaSpec.Diagnostics;
using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Policies;
using LlamaSpec.Sampling;

namespace LlamaSpec.Scheduling;

/// <summary>A committed token on its way to the reader.</summary>
/// <param name="Token">The token.</param>
/// <param name="LogProbability">Under the target's unmodified logits.</param>
/// <param name="ReleasedBytes">Bytes of the output that may be shown, from its start.</param>
internal readonly record struct CommittedToken(int Token, float LogProbability, long ReleasedBytes);

/// <summary>One request from its arrival to its end. The engine thread owns it, but for the members that say otherwise.</summary>
internal sealed class Request
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Over = 2;

    // More than a request commits between two deliveries; when it is full, it is delivered early.
    private const int UndeliveredCapacity = 256;

    private readonly Channel<CommittedToken> _tokens;
    private readonly CommittedToken[] _undelivered = new CommittedToken[UndeliveredCapacity];
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Waiting;
    private int _undeliveredCount;
    private long _lastDelivery;
    private volatile bool _isCancelled;

    public Request(GenerationRequest options, int[] prompt, StopConditions stop, PolicyChoice policy, PolicyContext context, ulong seed, int contextLength, long arrival)
    {
        Options = options;
        Prompt = prompt;
        Stop = stop;
        Policy = policy.Create(context);
        Explanations = options.Explain ? [] : null;
        PolicyName = policy.Name;
        Seed = seed;
        Stats = new RequestStats(prompt.Length, arrival);

        // A request cannot commit more tokens than its context holds, so the engine never waits for a slow reader.
        _tokens = Channel.CreateBounded<CommittedToken>(new BoundedChannelOptions(contextLength) { SingleReader = true, SingleWriter = true });
        GrowChannel(Math.Min(2 * UndeliveredCapacity, contextLength));
    }

    public GenerationRequest Options { get; }

    public SamplingOptions Sampling => Options.Sampling;

    /// <summary>Who may draft.</summary>
    public DrafterChoice Drafter { get; init; } = DrafterChoice.Auto;

    public int[] Prompt { get; }

    public StopConditions Stop { get; }

    public IDraftLengthPolicy Policy { get; }

    public string PolicyName { get; }

    /// <summary>Whether the policy wants to be told something of each round beyond its counts and times.</summary>
    public bool PolicyWants(PolicyNeeds need) => (Policy.Needs & need) != 0;

    /// <summary>What the policy expected of each round and what came of it; null when nobody asked.</summary>
    public List<ExplainedRound>? Explanations { get; }

    public ulong Seed { get; }

    public RequestStats Stats { get; }

    /// <summary>Where it runs; null while it waits.</summary>
    public SequenceSlot? Slot { get; set; }

    /// <summary>Its KV cache was given up for older requests; it waits until one of them ends.</summary>
    public bool IsSuspended { get; set; }

    /// <summary>Why the last round ended the request; acted on when the step is over.</summary>
    public FinishReason? PendingReason { get; set; }

    /// <summary>What went wrong in the last round; acted on when the step is over.</summary>
    public Exception? PendingError { get; set; }

    /// <summary>Why it ended; null while it runs, and after a cancellation or an error.</summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>Whether it is served by the engine now. Any thread.</summary>
    public bool IsRunning => Volatile.Read(ref _state) == Running;

    /// <summary>The committed tokens, for the reader. Any thread.</summary>
    public ChannelReader<CommittedToken> Tokens => _tokens.Reader;

    /// <summary>Completes when the engine no longer touches the request. Any thread.</summary>
    public Task Released => _released.Task;

    /// <summary>Any thread.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>Marks the request as not wanted any more. A waiting one is over at once. Any thread.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) == Waiting)
        {
            _tokens.Writer.TryComplete();
            _released.TrySetResult();
        }
    }

    /// <summary>Takes the request out of the queue; false when it was cancelled there.</summary>
    public bool TryStart() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    /// <summary>Takes a committed token for the next delivery.</summary>
    public void Publish(in CommittedToken token)
    {
        if (_undeliveredCount == UndeliveredCapacity)
        {
            Deliver();
        }

        _undelivered[_undeliveredCount++] = token;
    }

    /// <summary>
    /// Hands the tokens to the reader if the last delivery is long enough ago. Waking a reader takes a core from the decode,
    /// so tokens that come faster than anybody reads are handed over together.
    /// </summary>
    /// <param name="now">Timestamp.</param>
    /// <param name="interval">Shortest time between two deliveries, in timestamp units.</param>
    public void DeliverIfDue(long now, long interval)
    {
        if (_undeliveredCount > 0 && now - _lastDelivery >= interval)
        {
            _lastDelivery = now;
            Deliver();
        }
    }

    /// <summary>Ends the request. With an error, the reader gets it after the tokens.</summary>
    public void Finish(FinishReason? reason, Exception? error = null)
    {
        Deliver();
        Volatile.Write(ref _state, Over);
        FinishReason = reason;
        _tokens.Writer.TryComplete(error);
        _released.TrySetResult();
    }

    private void Deliver()
    {
        for (var i = 0; i < _undeliveredCount; i++)
        {
            var written = _tokens.Writer.TryWrite(_undelivered[i]);
            Debug.Assert(written, "The channel has room for the whole context.");
        }

        _undeliveredCount = 0;
    }

    // A channel grows as it is filled. Filled once here, on the caller's thread, it takes an early delivery and a due one
    // in the same step without allocating.
    private void GrowChannel(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _tokens.Writer.TryWrite(default);
        }

        while (_tokens.Reader.TryRead(out _))
        {
        }
    }
}
