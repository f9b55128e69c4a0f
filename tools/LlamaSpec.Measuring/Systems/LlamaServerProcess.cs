using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace LlamaSpec.Measuring.Systems;

/// <summary>A llama-server of its own, on a free port of this machine; it ends with this object.</summary>
internal sealed class LlamaServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan HealthInterval = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly LogTail _log = new();
    private readonly HttpClient _client;

    private LlamaServerProcess(Process process, int port)
    {
        _process = process;
        _log.Follow(process);
        // No proxy: one that the environment names would be asked for 127.0.0.1 too.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = AnswerLimit,
        };
    }

    /// <summary>Starts a server and waits until it has loaded its models.</summary>
    /// <exception cref="MeasurementException">It does not start; the message has its last lines.</exception>
    public static async Task<LlamaServerProcess> StartAsync(LlamaServerOptions options, CancellationToken cancellationToken)
    {
        var port = FindFreePort();
        var server = new LlamaServerProcess(Start(options, port), port);
        try
        {
            await server.WaitUntilHealthyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets it answer.</summary>
    /// <exception cref="MeasurementException">It does not; the message says why.</exception>
    public async Task<LlamaServerReply> CompleteAsync(LlamaServerRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.PostAsJsonAsync("/completion", request, LlamaServerJson.Default.LlamaServerRequest, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? LlamaServerReply.Parse(text)
                : throw new MeasurementException($"llama-server refused the request ({(int)response.StatusCode}): {text}");
        }
        catch (HttpRequestException error)
        {
            throw Failure($"llama-server does not answer: {error.Message}", endsRun: true);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"llama-server took more than {AnswerLimit.TotalMinutes:F0} minutes for an answer", endsRun: true);
        }
    }

    /// <summary>Ends the server and what it has started.</summary>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static Process Start(LlamaServerOptions options, int port)
    {
        var start = new ProcessStartInfo(options.ExecutablePath, options.ToArguments(port))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // They would change settings that the tables do not show.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("LLAMA_ARG_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new MeasurementException($"Cannot start {options.ExecutablePath}: {error.Message}. Name the llama-server executable.");
        }
    }

    private async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await IsHealthyAsync(cancellationToken))
        {
            if (_process.HasExited)
            {
                throw Failure($"llama-server ended with code {_process.ExitCode} while it was starting");
            }

            if (Stopwatch.GetElapsedTime(start) > StartLimit)
            {
                throw Failure($"llama-server was not ready after {StartLimit.TotalMinutes:F0} minutes");
            }

            await Task.Delay(HealthInterval, cancellationToken);
        }
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync("/health", cancellationToken);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }

    private MeasurementException Failure(string message, bool endsRun = false) => new($"{message}. {_log}", endsRun);

    // Another program may take it before the server does; then the server says so, and ends.
    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
