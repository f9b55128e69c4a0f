using LlamaSpec.Policies.Ldlp;

namespace LlamaSpec.Native.Tests;

public sealed class LdlpFileTests
{
    [Test]
    public void TheEmbeddedPairHasOneThatBeatsAConstant()
    {
        var weights = LdlpFile.TryLoad(EmbeddedModels.DraftPath, EmbeddedModels.TargetPath, EmbeddedModels.Target.Info, out var reason);
        Assert.That(weights, Is.Not.Null, reason);
        Assert.That(weights!.Figures.WeightedError, Is.LessThan(0.97 * weights.Figures.ConstantWeightedError));
        Assert.That(weights.Figures.Correlation, Is.GreaterThan(0.2));
        Assert.That(new FileInfo(LdlpFile.PathFor(EmbeddedModels.DraftPath)).Length, Is.LessThan(1_000_000));
    }
}
