namespace LlamaSpec.Measuring.Tests;

public sealed class BenchmarkCacheTests
{
    [Test]
    public void TheFolderIsThatOfTheBuildScripts()
    {
        var (set, cache, home) = ("/set", "/cache", "/home/me");
        Assert.That(BenchmarkCache.Root(Variables(set, cache, home), isWindows: false), Is.EqualTo("/set"));
        Assert.That(BenchmarkCache.Root(Variables(set, cache, home), isWindows: true), Is.EqualTo("/set"));
        Assert.That(BenchmarkCache.Root(Variables("", cache, home), isWindows: false), Is.EqualTo(Path.Combine("/cache", "llamaspec")));
        Assert.That(BenchmarkCache.Root(Variables(null, "", home), isWindows: false), Is.EqualTo(Path.Combine("/home/me", ".cache", "llamaspec")));
        Assert.That(BenchmarkCache.Root(Variables(null, cache, home), isWindows: true), Does.EndWith("llamaspec").And.Not.Contain("cache"));
    }

    private static Func<string, string?> Variables(string? set, string cache, string home) => name => name switch
    {
        BenchmarkCache.FolderVariable => set,
        "XDG_CACHE_HOME" => cache,
        "HOME" => home,
        _ => null,
    };
}
