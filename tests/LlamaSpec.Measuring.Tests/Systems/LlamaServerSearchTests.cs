using LlamaSpec.Measuring.Systems;

namespace LlamaSpec.Measuring.Tests.Systems;

public sealed class LlamaServerSearchTests
{
    private TemporaryFolder _folder = null!;
    private Dictionary<string, string?> _environment = null!;

    [SetUp]
    public void CreateFolder() => (_folder, _environment) = (new TemporaryFolder(), new() { ["PATH"] = string.Empty });

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void WhatWasNamedComesFirstThenTheVariableThenThePathThenTheCache()
    {
        var built = Create(LlamaServerSearch.BuiltFolder(_folder["cache"]));
        Assert.That(Find(null), Is.EqualTo(built));
        var inPath = Create(_folder["bin"]);
        _environment["PATH"] = string.Join(Path.PathSeparator, _folder["nowhere"], _folder["bin"]);
        Assert.That(Find(null), Is.EqualTo(inPath));
        var ofVariable = Create(_folder["mine"]);
        _environment[LlamaServerSearch.Variable] = ofVariable;
        Assert.That(Find(null), Is.EqualTo(ofVariable));
        Assert.That(Find(built), Is.EqualTo(built));
    }

    [Test]
    public void WhatDoesNotExistIsSaidWithAdvice()
    {
        Assert.That(() => Find(_folder["none"]), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("none does not exist"));
        Assert.That(() => Find(null), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("./build.sh llama-server").And.Message.Contains("--llama-server"));
        _environment[LlamaServerSearch.Variable] = _folder["gone"];
        Assert.That(() => Find(null), Throws.TypeOf<FileNotFoundException>().With.Message.StartsWith("LLAMASPEC_LLAMA_SERVER names "));
    }

    private string Find(string? path) => LlamaServerSearch.Find(path, name => _environment.GetValueOrDefault(name), _folder["cache"]);

    private static string Create(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, LlamaServerSearch.FileName);
        File.WriteAllText(path, string.Empty);
        return path;
    }
}
