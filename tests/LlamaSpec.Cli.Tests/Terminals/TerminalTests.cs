using LlamaSpec.Cli.Tests.Fakes;

namespace LlamaSpec.Cli.Tests.Terminals;

[TestFixture]
public sealed class TerminalTests
{
    [Test]
    public void ATerminalGetsColours() => Assert.That(Warn(new TestTerminal { IsErrorTerminal = true }), Does.Match("^\u001b\\[[0-9;]+mwarning:\u001b\\[0m text\n$"));

    [Test]
    public void APipeGetsNone() => Assert.That(Warn(new TestTerminal()), Is.EqualTo("warning: text\n"));

    [Test]
    public void NoColorMeansNone() => Assert.That(Warn(new TestTerminal { IsErrorTerminal = true, AllowsColor = false }), Is.EqualTo("warning: text\n"));

    [Test]
    public void ALongMessageStaysOneLine()
    {
        var terminal = new TestTerminal { Width = 40 };
        terminal.Terminal.WriteError(new string('x', 300));

        Assert.That(terminal.Error.ToString(), Is.EqualTo($"error: {new string('x', 300)}\n"));
    }

    [Test]
    public void ASecondInterruptIsNotTakenUntilTheFirstIsHandled()
    {
        var interrupts = new TestTerminal().Terminal.Interrupts;
        var first = interrupts.Token;

        Assert.That(interrupts.TryRaise(), Is.True);
        Assert.That(first.IsCancellationRequested, Is.True);
        Assert.That(interrupts.TryRaise(), Is.False);
        Assert.That(interrupts.Renew().IsCancellationRequested, Is.False);
        Assert.That(interrupts.TryRaise(), Is.True);
    }

    private static string Warn(TestTerminal terminal)
    {
        terminal.Terminal.WriteWarning("text");
        return terminal.Error.ToString()!;
    }
}
