using FsCheck;
using FsCheck.Fluent;

namespace LlamaSpec.Tests;

/// <summary>FsCheck with a fixed start: a failing case is the same in every run.</summary>
internal static class Property
{
    private static readonly Config FixedStart =
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(new Replay(new Rnd(20260729, 1), null));

    /// <summary>The property holds for every generated case.</summary>
    public static void Holds<T>(Gen<T> cases, Action<T> property, int count = 300) =>
        FsCheck.Check.One(FixedStart.WithMaxTest(count), Prop.ForAll(Arb.From(cases), property));

    /// <summary>The property holds for cases that it makes itself, of the random numbers it is given.</summary>
    public static void Holds(Action<Random> property, int count = 300) =>
        Holds(Gen.Choose(0, int.MaxValue), seed => property(new Random(seed)), count);
}
