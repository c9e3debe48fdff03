using HyperSearch.Core.Samplers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class DecisionCostTests
{
    // Bytes, not time: they come out the same on a busy machine.
    [Theory]
    [InlineData("random")]
    [InlineData("median")]
    [InlineData("successive_halving")]
    [InlineData("asha")]
    public void Apply_TwentyTimesTheTrials_AllocatesNoMorePerEvent(string algorithm)
    {
        double few = BytesPerEvent(Spec(algorithm, 500));
        BytesPerEvent(Spec(algorithm, 10_000)).ShouldBeLessThan(1.5 * few);
    }

    private static StudySpec Spec(string algorithm, int trials) => (algorithm switch
    {
        "random" => Specs.Random(trials, 3),
        "median" => Specs.Median(trials, 9),
        "asha" => Specs.Asha(trials, 1, 9),
        _ => Specs.Halving(trials, 1, 9),
    }) with { Baseline = false, Dataset = null };

    /// <summary>Runs a whole study in memory, without a log; a trial's loss is drawn.</summary>
    private static double BytesPerEvent(StudySpec spec)
    {
        StudyHost host = new(spec) { Logs = false };
        long before = GC.GetAllocatedBytesForCurrentThread();
        int events = 0;
        while (host.TryNext(out int? number))
        {
            StudyOutcome offered = host.Offer(StudyDriver.Worker, number);
            Trial trial = offered.Created ?? host.Trials[number!.Value];
            AttemptFence fence = StudyDriver.Fence(trial);
            double quality = StableMix.Unit(StableMix.Fold(1, (ulong)trial.Number));
            EpochReport[] reports = [.. Enumerable.Range(trial.FromEpoch + 1, trial.ToEpoch - trial.FromEpoch).Select(e => StudyDriver.Metric(e, quality + (1.0 / e)))];
            events += 2 + reports.TakeWhile(report => host.Apply(new StudyInput.Reported(fence, report, null)).Applied).Count();
            host.Apply(new StudyInput.SegmentCompleted(fence, reports, new Checkpoint(trial.ToEpoch, "key"), null, false, 1));
        }

        host.Study.State.ShouldBe(StudyState.Completed);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / events;
    }
}
