using System.Text;
using System.Text.Json;
using LlamaSpec.Calibration;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Tests.Calibration;

public sealed class ProfileStoreTests
{
    private const string Key = "0123456789abcdef";
    private const string OtherKey = "fedcba";

    private static readonly CostProfile Example = new()
    {
        Verify = [new VerifyCurve(64, [new(1, 1.0 / 3), new(2, 0.5)]), new VerifyCurve(512, [new(1, 2)])],
        Draft = new DraftCosts(0.2, 0.1, 0.01, 0),
        RoundOverheadMilliseconds = 0.02,
        TargetThreadCount = 2,
        DraftThreadCount = 1,
        FlashAttention = false,
        FastRows = true,
        IsQuick = true,
    };

    private TemporaryFolder _folder = null!;
    private ProfileStore _store = null!;

    [SetUp]
    public void CreateStore()
    {
        _folder = new TemporaryFolder();
        _store = new ProfileStore(_folder["state"]);
    }

    [TearDown]
    public void DeleteStore() => _folder.Dispose();

    [Test]
    public void AProfileMakesTheRoundTrip()
    {
        Assert.That(_store.TryRead(Key), Is.Null);
        Assert.That(_store.TryWrite(Key, Example), Is.True);
        Assert.That(Text(_store.TryRead(Key)), Is.EqualTo(Text(Example)));
        Assert.That(_store.TryRead(OtherKey), Is.Null);
    }

    [Test]
    public void ALaterProfileReplacesTheEarlierOneAndLeavesNoOtherFile()
    {
        _store.TryWrite(Key, Example);
        _store.TryWrite(Key, Example with { TargetThreadCount = 7 });

        Assert.That(_store.TryRead(Key)!.TargetThreadCount, Is.EqualTo(7));
        Assert.That(Directory.GetFileSystemEntries(_store.Folder!), Has.Length.EqualTo(1));
    }

    [TestCaseSource(nameof(Damages))]
    public void ADamagedFileIsMissingAndIsReplaced(Func<string, string> damage)
    {
        _store.TryWrite(Key, Example);
        var path = _store.ProfilePath(Key)!;
        File.WriteAllText(path, damage(File.ReadAllText(path)));

        Assert.That(_store.TryRead(Key), Is.Null);
        Assert.That(_store.TryWrite(Key, Example), Is.True);
        Assert.That(_store.TryRead(Key), Is.Not.Null);
    }

    [Test]
    public void NoPrefixOfAFileIsAProfile()
    {
        _store.TryWrite(Key, Example);
        var path = _store.ProfilePath(Key)!;
        var content = File.ReadAllBytes(path);
        for (var length = 0; length < content.Length; length++)
        {
            File.WriteAllBytes(path, content[..length]);
            Assert.That(_store.TryRead(Key), Is.Null, $"{length} bytes");
        }
    }

    [Test]
    public void AChangedByteIsNeverAnError()
    {
        _store.TryWrite(Key, Example);
        var path = _store.ProfilePath(Key)!;
        var content = File.ReadAllBytes(path);
        for (var i = 0; i < content.Length; i++)
        {
            var changed = content.ToArray();
            changed[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, changed);
            Assert.That(() => _store.TryRead(Key)?.Validate(), Throws.Nothing);
        }
    }

    [Test]
    public void AFolderInTheFilesPlaceIsNoError()
    {
        Directory.CreateDirectory(_store.ProfilePath(Key)!);
        Assert.That(_store.TryRead(Key), Is.Null);
        Assert.That(_store.TryWrite(Key, Example), Is.False);
        Assert.That(_store.Delete(Key), Is.False);
    }

    [Test]
    public void AFolderThatCannotBeCreatedKeepsNothing()
    {
        File.WriteAllText(_folder["state"], "in the way");

        Assert.That(_store.TryWrite(Key, Example), Is.False);
        Assert.That(_store.TryWriteLearned(Key, [1]), Is.False);
        Assert.That(_store.TryRead(Key), Is.Null);
        Assert.That(_store.TryReadLearned(Key), Is.Null);
        Assert.That(_store.Delete(Key), Is.False);
        Assert.That(File.ReadAllText(_folder["state"]), Is.EqualTo("in the way"));
    }

    [Test]
    public void AProfileThatIsNotValidIsRefused() =>
        Assert.That(() => _store.TryWrite(Key, Example with { TargetThreadCount = 0 }), Throws.InstanceOf<ArgumentException>());

    [TestCase("")]
    [TestCase("../a")]
    [TestCase("ABC")]
    [TestCase("00000000000000000000000000000000000000000000000000000000000000000")]
    public void OnlyKeysAreFileNames(string key)
    {
        Assert.That(() => _store.TryRead(key), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _store.TryWrite(key, Example), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _store.TryReadLearned(key), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _store.TryWriteLearned(key, [1]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => _store.Delete(key), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void ReadersNeverSeeAHalfWrittenProfile()
    {
        _store.TryWrite(Key, Example);
        Parallel.For(0, 200, i =>
        {
            if (i % 2 == 0)
            {
                _store.TryWrite(Key, Example with { TargetThreadCount = (i % 8) + 1 });
            }
            else
            {
                Assert.That(new ProfileStore(_store.Folder).TryRead(Key), Is.Not.Null);
            }
        });
    }

    [Test]
    public void WhatWasLearnedMakesTheRoundTrip([Values(0, 1, ProfileStore.MostLearnedBytes)] int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);

        Assert.That(_store.TryReadLearned(Key), Is.Null);
        Assert.That(_store.TryWriteLearned(Key, content), Is.True);
        Assert.That(_store.TryReadLearned(Key), Is.EqualTo(content));
        Assert.That(_store.TryRead(Key), Is.Null);
    }

    [Test]
    public void MoreThanTheLimitIsRefusedAndNotRead()
    {
        Assert.That(() => _store.TryWriteLearned(Key, new byte[ProfileStore.MostLearnedBytes + 1]), Throws.InstanceOf<ArgumentException>());
        _store.TryWriteLearned(Key, [1]);
        File.WriteAllBytes(LearnedPath, new byte[ProfileStore.MostLearnedBytes + 1]);
        Assert.That(_store.TryReadLearned(Key), Is.Null);
    }

    [Test]
    public void WhileAnotherWriterHoldsTheLockNothingIsWritten()
    {
        _store.TryWriteLearned(Key, [1]);
        using (new FileStream($"{LearnedPath}.lock", FileMode.Open, FileAccess.Write, FileShare.None))
        {
            Assert.That(_store.TryWriteLearned(Key, [2]), Is.False);
            Assert.That(_store.TryReadLearned(Key), Is.EqualTo(new byte[] { 1 }));
            Assert.That(_store.TryWriteLearned(OtherKey, [3]), Is.True);
        }

        Assert.That(_store.TryWriteLearned(Key, [2]), Is.True);
        Assert.That(_store.TryReadLearned(Key), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public void DeletingTakesBothAndNothingOfOthers()
    {
        _store.TryWrite(Key, Example);
        _store.TryWriteLearned(Key, [1]);
        _store.TryWrite(OtherKey, Example);

        Assert.That(_store.Delete(Key), Is.True);
        Assert.That(_store.TryRead(Key), Is.Null);
        Assert.That(_store.TryReadLearned(Key), Is.Null);
        Assert.That(Directory.GetFiles(_store.Folder!), Is.EqualTo(new[] { _store.ProfilePath(OtherKey) }));
        Assert.That(_store.Delete(Key), Is.False);
    }

    private static IEnumerable<TestCaseData> Damages()
    {
        yield return Case("empty", static _ => string.Empty);
        yield return Case("half", static text => text[..(text.Length / 2)]);
        yield return Case("no JSON", static _ => "\0\u0001 profile");
        yield return Case("null", static _ => "null");
        yield return Case("array", static _ => "[]");
        yield return Case("another version", static text => text.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
        yield return Case("another key", static text => text.Replace(Key, OtherKey, StringComparison.Ordinal));
        yield return Case("no profile", static text => text.Replace("\"profile\"", "\"prophet\"", StringComparison.Ordinal));
        yield return Case("null profile", static _ => $$$"""{"version":1,"key":"{{{Key}}}","profile":null}""");
        yield return Case("null curves", static _ => $$$"""{"version":1,"key":"{{{Key}}}","profile":{"verify":null,"targetThreadCount":1}}""");
        yield return Case("null points", static _ => $$$"""{"version":1,"key":"{{{Key}}}","profile":{"verify":[{"depth":1,"points":null}],"targetThreadCount":1}}""");
        yield return Case("a time of zero", static text => text.Replace("\"milliseconds\": 0.5", "\"milliseconds\": 0", StringComparison.Ordinal));
        yield return Case("a huge time", static text => text.Replace("\"milliseconds\": 0.5", "\"milliseconds\": 1e300", StringComparison.Ordinal));
        yield return Case("too large", static text => text + new string(' ', 1 << 20));

        static TestCaseData Case(string name, Func<string, string> damage) => new TestCaseData(damage).SetArgDisplayNames(name);
    }

    private string LearnedPath => Path.Combine(_store.Folder!, $"learned-{Key}.bin");

    private static string Text(CostProfile? profile) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(profile));
}
