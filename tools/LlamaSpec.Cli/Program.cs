using System.Runtime.InteropServices;
using LlamaSpec.Cli;
using LlamaSpec.Cli.Terminals;

var terminal = ConsoleTerminal.Create();
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = terminal.Interrupts.TryRaise());
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
});
return await CliApplication.RunAsync(args, terminal, stop.Token);
