using LlamaSpec.Calibration;
using LlamaSpec.Drafting;
using LlamaSpec.Engine;
using LlamaSpec.Native.Calibration;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Native.Tests.Calibration;

[NonParallelizable] // the environment is process-wide
public sealed class LoadCalibrationTests
{
    private static readonly ModelPairOptions Pair = new()
    {
        TargetPath = EmbeddedModels.TargetPath,
        DraftPath = EmbeddedModels.DraftPath,
        RequireDraft = true,
        Engine = new SpeculativeEngineOptions { ConcurrentRequests = 1, ContextLength = 64, MaximumDraftLength = 4 },

        // What matters here is what is kept, however busy the machine.
        CalibrationPlan = CalibrationPlan.Quick with { Budget = TimeSpan.FromMinutes(5), MostRepeats = 3 },
    };

    // One thread: several wait for each other on a busy machine.
    private static readonly ModelPairOptions OneThread = Pair with { TargetThreadCount = 1 };

    private StateScope _state = null!;

    [SetUp]
    public void CreateState() => _state = new StateScope();

    [TearDown]
    public void DeleteState() => _state.Dispose();

    [Test]
    public async Task TheFirstLoadMeasuresAndTheSecondReads()
    {
        await using (await ModelPair.LoadAsync(OneThread))
        {
        }

        var costs = new ProfileStore().TryRead(ProfileKey.TryCreate(OneThread)!)!;
        Assert.That(costs.IsQuick, Is.True);
        Assert.That(costs.Draft, Is.Not.Null);
        Assert.That(costs.Verify[0].Points, Has.Count.GreaterThanOrEqualTo(4));
        var phases = new List<LoadPhase>();
        await using (await ModelPair.LoadAsync(OneThread, new Recorder(progress => phases.Add(progress.Phase))))
        {
        }

        Assert.That(phases, Is.Not.Empty.And.All.EqualTo(LoadPhase.Model));
    }

    [Test]
    public void MeasuringLeavesEmptyCaches()
    {
        using var pair = LoadedPair.Load(OneThread, null, CancellationToken.None);
        var costs = LoadCalibration.Read(OneThread).CostsOf(pair, null, CancellationToken.None);

        Assert.That(costs, Is.Not.Null);
        Assert.That(pair.TargetRunner.SequenceLength(new(0)), Is.Zero);
        Assert.That(pair.DraftRunner!.SequenceLength(new(0)), Is.Zero);
    }

    [Test]
    public void AStoredProfileDecidesWhatTheOptionsLeaveOpen()
    {
        Store(Pair);
        var options = LoadCalibration.Read(Pair).Options;

        Assert.That((options.TargetThreadCount, options.DraftThreadCount, options.FlashAttention, options.FastRows), Is.EqualTo((3, 2, false, FastRows.Off)));
        Assert.That(PairCalibration.WithStored(Pair), Is.EqualTo(options));
    }

    [Test]
    public void WhatTheOptionsSayStays()
    {
        var asked = Pair with { TargetThreadCount = 1, DraftThreadCount = 1, FlashAttention = true, FastRows = FastRows.Auto };
        Store(asked);

        Assert.That(LoadCalibration.Read(asked).Options, Is.EqualTo(asked with { FastRows = FastRows.Off }));
        Assert.That(LoadCalibration.Read(Pair).Options, Is.EqualTo(Pair), "another key");
    }

    [TestCase(CalibrationMode.Stored)]
    [TestCase(CalibrationMode.Off)]
    public async Task WithoutAutoNothingIsMeasured(CalibrationMode mode)
    {
        var phases = new List<LoadPhase>();
        await using var engine = await ModelPair.LoadAsync(Pair with { Calibration = mode }, new Recorder(progress => phases.Add(progress.Phase)));

        Assert.That(phases, Is.All.EqualTo(LoadPhase.Model));
        Assert.That(_state.Files, Is.Empty);
    }

    [Test]
    public void StoredReadsAndOffDoesNot()
    {
        Store(Pair);
        Assert.That(LoadCalibration.Read(Pair with { Calibration = CalibrationMode.Stored }).Options.TargetThreadCount, Is.EqualTo(3));
        Assert.That(LoadCalibration.Read(Pair with { Calibration = CalibrationMode.Off }).Options.TargetThreadCount, Is.Null);
    }

    [Test]
    public async Task WhereNobodyDraftsNothingIsMeasured()
    {
        await using var engine = await ModelPair.LoadAsync(Pair with { UseDraft = false, RequireDraft = false, Engine = Pair.Engine with { Drafter = DrafterChoice.None } });
        Assert.That(_state.Files, Is.Empty);
    }

    [Test]
    public async Task WithoutADraftModelTheTargetIsMeasured()
    {
        await using var engine = await ModelPair.LoadAsync(Pair with { UseDraft = false, RequireDraft = false });
        Assert.That(_state.Files, Has.Some.Contains("costs-"), "Rows have a price for drafters without a model, too.");
    }

    [Test]
    public async Task AFolderThatCannotBeWrittenCostsTheStorageAlone()
    {
        File.WriteAllText(_state.Folder, "in the way");
        await using var engine = await ModelPair.LoadAsync(Pair);
        Assert.That(engine.DisabledReason, Is.Null);
    }

    [Test]
    public void AFailureOfTheMeasurementCostsTheProfileAlone()
    {
        using var pair = LoadedPair.Load(Pair, null, CancellationToken.None);
        pair.DraftRunner!.Dispose();

        Assert.That(LoadCalibration.Read(Pair).CostsOf(pair, null, CancellationToken.None), Is.Null);
        Assert.That(_state.Files, Is.Empty);
    }

    [Test]
    public void WhatTheProgressThrowsStopsTheLoad()
    {
        var progress = new Recorder(static progress =>
        {
            if (progress.Phase == LoadPhase.Calibration)
            {
                throw new InvalidOperationException("enough");
            }
        });
        Assert.That(() => ModelPair.LoadAsync(Pair, progress), Throws.InvalidOperationException.With.Message.EqualTo("enough"));
    }

    [Test]
    public void CancellingTheMeasurementCancelsTheLoad()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Recorder(progress =>
        {
            if (progress.Phase == LoadPhase.Calibration)
            {
                cancel.Cancel();
            }
        });
        Assert.That(() => ModelPair.LoadAsync(Pair, progress, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_state.Files, Is.Empty);
    }

    [Test]
    public async Task BothModelsAreMeasuredOnRequest()
    {
        var costs = await PairCalibration.MeasureAsync(Pair with { TargetThreadCount = 1 }, CalibrationForm.Quick);

        Assert.That(costs.Validate, Throws.Nothing);
        Assert.That((costs.TargetThreadCount, costs.DraftThreadCount, costs.IsQuick), Is.EqualTo((1, 1, true)));
        Assert.That(costs.FastRows, Is.EqualTo(LlamaBackend.FastRowInstructions is not null));
        Assert.That(_state.Files, Is.Empty, "storing is separate");
    }

    private static void Store(ModelPairOptions options) => new ProfileStore().TryWrite(ProfileKey.TryCreate(options)!, new CostProfile
    {
        Verify = [new VerifyCurve(64, [new(1, 1)])],
        TargetThreadCount = 3,
        DraftThreadCount = 2,
        FlashAttention = false,
    });

    private sealed class Recorder(Action<LoadProgress> act) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => act(value);
    }
}
