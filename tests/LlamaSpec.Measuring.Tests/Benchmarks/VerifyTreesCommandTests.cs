using System.CommandLine;
using LlamaSpec.Benchmarks.Trees;

namespace LlamaSpec.Measuring.Tests.Benchmarks;

public sealed class VerifyTreesCommandTests
{
    private StringWriter _output = null!;
    private StringWriter _error = null!;

    [SetUp]
    public void CreateWriters() => (_output, _error) = (new StringWriter(), new StringWriter());

    [Test]
    public async Task EachRuleIsALineOfTheTable()
    {
        Assert.That(await RunAsync("-r", "2", "-n", "5", "-c", "100", "--repeats", "2"), Is.Zero, _error.ToString());

        var rules = _output.ToString().Split(Environment.NewLine).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1);
        Assert.That(rules.Select(line => line.Split('|')[1].Trim().Split(',')[0]), Is.EqualTo((string[])["greedy", "sample and match", "sample and match", "hybrid"]));
        Assert.That(rules.Select(line => int.Parse(line.Split('|')[2], null)), Has.All.InRange(2, 12));
    }

    [TestCase("--requests")]
    [TestCase("--nodes")]
    [TestCase("--columns")]
    [TestCase("--repeats")]
    public async Task ABadOptionIsOneClearLine(string option)
    {
        Assert.That(await RunAsync(option, "0"), Is.EqualTo(1));
        Assert.That(_error.ToString(), Does.StartWith("error: Requests and nodes must be 1 to 64"));
        Assert.That(_output.ToString(), Is.Empty);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new VerifyTreesCommand().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error });
}
