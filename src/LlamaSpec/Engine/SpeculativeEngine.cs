using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LlamaSpec.Models;
using LlamaSpec.Scheduling;

namespace LlamaSpec.Engine;

/// <summary>
/// Generates text with a target model, faster through a drafter, with exactly the distribution that the target alone gives.
/// <para>
/// Serves many requests at once: one engine thread owns the models, and one target decode a step serves prompts and rounds
/// of all of them. All public members are safe from any thread.
/// </para>
/// </summary>
public sealed class SpeculativeEngine : IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly EngineCore _core;
    private readonly EnginePolicies _policies;
    private readonly Channel<Request> _inbox;
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private volatile Exception? _fault;

    /// <summary>Starts an engine.</summary>
    /// <param name="parts">Models and arithmetic. The engine owns the models once the constructor has returned.</param>
    /// <param name="options">Limits and defaults; null = the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range or does not fit the target.</exception>
    public SpeculativeEngine(EngineParts parts, SpeculativeEngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
        Options = options ?? new SpeculativeEngineOptions();
        Options.Validate(parts.Target);
        if (parts.Tokenizer.VocabularySize != parts.Target.Model.VocabularySize)
        {
            throw new ArgumentException(
                $"The tokenizer has {parts.Tokenizer.VocabularySize} tokens, the target {parts.Target.Model.VocabularySize}. Give the target's own tokenizer.", nameof(parts));
        }

        _policies = new EnginePolicies(parts, Options);
        _core = new EngineCore(parts, Options);
        _inbox = Channel.CreateBounded<Request>(new BoundedChannelOptions(Options.QueueCapacity) { SingleReader = true });
        new Thread(Run) { IsBackground = true, Name = "LlamaSpec engine" }.Start();
    }

    /// <summary>Limits and defaults.</summary>
    public SpeculativeEngineOptions Options { get; }

    /// <summary>What the target's file says of itself.</summary>
    public ModelInfo Target => _parts.Target.Model;

    /// <summary>The target's vocabulary.</summary>
    public ITokenizer Tokenizer => _parts.Tokenizer;

    /// <summary>Why nothing is drafted at all, or null when there is a drafter.</summary>
    public string? DisabledReason => _core.DrafterMissingReason;

    /// <summary>Streams an answer, one update a token. Leaving the loop early cancels the request.</summary>
    /// <param name="request">What to generate. Checked before this method returns.</param>
    /// <param name="cancellationToken">Ends the request; what was generated stays valid, and the engine stays usable.</param>
    /// <returns>Updates; the last one holds the reason of the end and the figures.</returns>
    /// <exception cref="ArgumentException">The request is contradictory or out of range.</exception>
    /// <exception cref="PromptTooLongException">The prompt does not fit the context.</exception>
    /// <exception cref="ModelFailureException">The model's chat format is not known, or the engine has stopped after a failure.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public IAsyncEnumerable<GenerationUpdate> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        ThrowIfStopped();
        var prompt = RequestReader.Read(request, Tokenizer, Options);
        return StreamAsync(request, prompt, cancellationToken);
    }

    /// <summary>Streams the text of the answer to one question.</summary>
    public async IAsyncEnumerable<string> AskAsync(string question, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        await foreach (var update in GenerateAsync(GenerationRequest.Ask(question), cancellationToken).ConfigureAwait(false))
        {
            if (update.Text.Length > 0)
            {
                yield return update.Text;
            }
        }
    }

    /// <summary>Generates an answer and returns it whole. Errors as in <see cref="GenerateAsync"/>.</summary>
    public async Task<GenerationResult> CompleteAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        var text = new System.Text.StringBuilder();
        List<int> tokens = [];
        List<float> logProbabilities = [];
        await foreach (var update in GenerateAsync(request, cancellationToken).ConfigureAwait(false))
        {
            text.Append(update.Text);
            if (update.Token is { } token)
            {
                tokens.Add(token);
                logProbabilities.Add(update.LogProbability);
            }

            if (update is { FinishReason: { } reason, Stats: { } stats })
            {
                return new GenerationResult(text.ToString(), tokens, logProbabilities, reason, stats) { Rounds = update.Rounds ?? [] };
            }
        }

        throw new InvalidOperationException("The answer ended without a reason.");
    }

    /// <summary>Ends all requests, frees the models and waits until that is done.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isStopping)
        {
            _isStopping = true;
            _inbox.Writer.TryComplete();
            Interrupt();
        }

        await _stopped.Task.ConfigureAwait(false);
    }

    private async IAsyncEnumerable<GenerationUpdate> StreamAsync(
        GenerationRequest options, int[] prompt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = RequestReader.Create(options, prompt, Tokenizer, Options, _policies, _parts.Time.GetTimestamp());
        await EnqueueAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            await using var registration = cancellationToken.UnsafeRegister(static (state, _) =>
            {
                var (engine, cancelled) = ((SpeculativeEngine, Request))state!;
                engine.Cancel(cancelled);
            }, (this, request)).ConfigureAwait(false);

            var streamer = new TextStreamer(Tokenizer);
            await foreach (var token in request.Tokens.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return new GenerationUpdate
                {
                    Text = streamer.Add(token.Token, token.ReleasedBytes),
                    Token = token.Token,
                    LogProbability = token.LogProbability,
                };
            }

            if (request.FinishReason is not { } reason)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            // A stop text, and what follows it in the same token, is never shown; everything else that was held back is.
            var rest = reason == FinishReason.StopText ? request.Stop.ReleasedBytes : long.MaxValue;
            yield return new GenerationUpdate
            {
                Text = streamer.Finish(rest),
                FinishReason = reason,
                Stats = request.Stats.ToStats(_parts.Time),
                Rounds = request.Explanations,
            };
        }
        finally
        {
            // Cancellation is a transaction: the caller goes on when the engine has let go of the request.
            Cancel(request);
            await request.Released.ConfigureAwait(false);
        }
    }

    private async ValueTask EnqueueAsync(Request request, CancellationToken cancellationToken)
    {
        try
        {
            await _inbox.Writer.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            ThrowIfStopped();
            throw new ObjectDisposedException(nameof(SpeculativeEngine));
        }

        _wake.Set();
    }

    private void ThrowIfStopped()
    {
        if (_fault is { } fault)
        {
            throw new ModelFailureException($"The engine has stopped: {fault.Message} Create a new one.", fault);
        }

        ObjectDisposedException.ThrowIf(_isStopping, this);
    }

    private void Cancel(Request request)
    {
        request.Cancel();
        if (request.IsRunning)
        {
            Interrupt();
        }
    }

    // Ends a running decode, and the wait of an idle engine.
    private void Interrupt()
    {
        _core.IsInterrupted = true;
        try
        {
            _parts.Target.RequestAbort();
        }
        catch (ObjectDisposedException)
        {
            // The engine thread has ended meanwhile, and with it every request.
        }

        _wake.Set();
    }

    [SuppressMessage("Design", "CA1031", Justification = "The callers get the error; a thread that dies takes the process with it.")]
    private void Run()
    {
        try
        {
            while (true)
            {
                // In this order: what is asked for from here on interrupts the step.
                _core.IsInterrupted = false;
                if (_isStopping)
                {
                    break;
                }

                _core.RemoveCancelled();
                AdmitWaiting();
                if (_core.IsIdle)
                {
                    _wake.WaitOne();
                }
                else
                {
                    _core.Step();
                }
            }

            Stop(new ObjectDisposedException(nameof(SpeculativeEngine)));
        }
        catch (Exception error)
        {
            _fault = error;
            Stop(error);
        }
        finally
        {
            _stopped.TrySetResult();
        }
    }

    private void AdmitWaiting()
    {
        while (_core.HasIdleSlot && _inbox.Reader.TryRead(out var request))
        {
            if (request.TryStart())
            {
                _core.Admit(request);
            }
        }

        // Those that were cancelled while waiting give their places in the queue to others.
        while (_inbox.Reader.TryPeek(out var request) && request.IsCancelled)
        {
            _inbox.Reader.TryRead(out _);
        }
    }

    private void Stop(Exception error)
    {
        _inbox.Writer.TryComplete();
        _core.FailAll(error);
        while (_inbox.Reader.TryRead(out var request))
        {
            if (request.TryStart())
            {
                request.Finish(null, error);
            }
        }

        _policies.Save();
        _core.Dispose();
    }
}
