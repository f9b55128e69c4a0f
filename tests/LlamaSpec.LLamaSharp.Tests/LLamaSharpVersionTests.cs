using LLama.Native;

namespace LlamaSpec.LLamaSharp.Tests;

public sealed class LLamaSharpVersionTests
{
    [Test]
    public void TheLLamaSharpOfTheseTestsFits() => Assert.That(LLamaSharpVersion.WhyUnfit(), Is.Null);

    [TestCase(136)]
    [TestCase(144)]
    public void TestedVersionsAreTaken(int parameterBytes) => Assert.That(LLamaSharpVersion.WhyUntested(parameterBytes), Is.Null);

    [TestCase(128)]
    [TestCase(160)]
    public void OtherVersionsAreNamed(int parameterBytes) =>
        Assert.That(LLamaSharpVersion.WhyUntested(parameterBytes), Does.Contain($"{parameterBytes} bytes").And.Contain(LLamaSharpVersion.Tested));

    [Test]
    public void NativeLibrariesOfAnotherVersionAreRecognisedByTheirDefaults()
    {
        NativeApi.llama_empty_call(); // the structure alone does not make LLamaSharp find its libraries
        var defaults = LLamaContextParams.Default();
        Assert.That(LLamaSharpVersion.WhyForeign(defaults, file: null), Is.Null);

        // As 0.26 reads the parameters of 0.28, whose fifth number is a new one, and the other way round.
        Assert.That(LLamaSharpVersion.WhyForeign(defaults with { n_threads = 0 }, "libllama.so"), Does.Contain("libllama.so").And.Contain("n_threads = 0").And.Contain("LLamaSharp.Backend"));
        Assert.That(LLamaSharpVersion.WhyForeign(defaults with { n_threads_batch = -1 }, file: null), Does.Contain("n_threads_batch = -1"));
        Assert.That(LLamaSharpVersion.WhyForeign(defaults with { abort_callback = 7 }, file: null), Is.Not.Null);
    }

    [Test]
    public void TheLoadedLibraryIsFound() => Assert.That(LoadedLlama.TryFindFile(), Does.Contain("llama").IgnoreCase);

    [Test]
    public void AfterTheLibrariesWereLoadedNoOthersCanBeChosen()
    {
        Assert.That(LLamaSharpVersion.WhyUnfit(), Is.Null);
        Assert.That(static () => LLamaSharpNatives.Use(typeof(LLamaSharpVersionTests).Assembly.Location), Throws.InvalidOperationException);
    }

    [Test]
    public void AMissingLibraryIsSaid() => Assert.That(() => LLamaSharpNatives.Use("missing/libllama.so"), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("missing/libllama.so"));
}
