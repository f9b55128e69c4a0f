using System.Diagnostics.Metrics;
using LlamaSpec.Diagnostics;

namespace LlamaSpec.Tests.Diagnostics;

public class LlamaSpecMeterTests
{
    [Test]
    public void AListenerSeesRoundsAndSteps()
    {
        Dictionary<string, double> seen = [];
        using var listener = new MeterListener();
        var isStarted = false;
        listener.InstrumentPublished = (instrument, self) =>
        {
            // Instruments of engines that other tests left behind are published on start.
            if (isStarted && instrument.Meter.Name == "LlamaSpec")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        listener.Start();
        isStarted = true;

        using var meter = new LlamaSpecMeter();
        meter.Round(generated: 3, drafted: 4, accepted: 2);
        meter.Round(generated: 1, drafted: 1, accepted: 0);
        meter.Step(1.5);

        Assert.That(seen, Is.EquivalentTo(new Dictionary<string, double>
        {
            ["llamaspec.rounds {round}"] = 2,
            ["llamaspec.generated_tokens {token}"] = 4,
            ["llamaspec.drafted_tokens {token}"] = 5,
            ["llamaspec.accepted_tokens {token}"] = 2,
            ["llamaspec.step ms"] = 1.5,
        }));

        void Add(Instrument instrument, double value)
        {
            var name = $"{instrument.Name} {instrument.Unit}";
            seen[name] = seen.GetValueOrDefault(name) + value;
        }
    }

    [Test]
    public void AListenerThatThrowsIsItsOwnProblem()
    {
        var calls = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == "LlamaSpec")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Fail());
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Fail());
        using var meter = new LlamaSpecMeter();
        listener.Start();

        Assert.That(() => meter.Round(generated: 1, drafted: 0, accepted: 0), Throws.Nothing);
        Assert.That(() => meter.Step(1), Throws.Nothing);
        Assert.That(calls, Is.GreaterThanOrEqualTo(2));

        void Fail()
        {
            calls++;
            throw new InvalidOperationException("the dashboard is closed");
        }
    }
}
