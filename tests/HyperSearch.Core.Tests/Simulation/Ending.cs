using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>What must be true of every study that has ended, whatever happened to it.</summary>
internal static class Ending
{
    public static void Check(StudyHost host)
    {
        Study study = host.Study;
        study.State.IsFinal().ShouldBeTrue();
        host.Trials.Values.All(t => t.State.IsFinal()).ShouldBeTrue();
        (study.Assigned, study.EpochsInFlight, study.Scoring, study.ScoresOutstanding).ShouldBe((0, 0L, false, 0));
        host.Evaluations.Values.All(e => e.State.IsFinal()).ShouldBeTrue();
        host.Searched.Select(t => t.Number).ShouldBe(Enumerable.Range(0, study.Created));
        host.Searched.Select(t => t.Parameters).Distinct().Count().ShouldBe(study.Created);
        study.Rungs.All(r => r.Outstanding == 0 && r.Paused == 0).ShouldBeTrue();
        Recount.Check(host);
        if (study.StopReason is StopReason.Finished or StopReason.SpaceExhausted)
        {
            WholeSearch(host);
        }

        if (study.BestNumber is { } best)
        {
            Trial winner = host.Trials[best];
            (winner.State, winner.Epochs).ShouldBe((TrialState.Completed, winner.FullEpochs));
            bool scored = study.TestValue is not null || study.TestMissing is not null;
            scored.ShouldBe(study.State is StudyState.Completed or StudyState.Stopped);
        }
    }

    private static void WholeSearch(StudyHost host)
    {
        host.Study.Created.ShouldBe(host.Spec.Trials);
        host.Trials.ContainsKey(Trial.BaselineNumber).ShouldBe(host.Spec.Baseline);
        host.Trials.Values.All(t => t.State != TrialState.Cancelled).ShouldBeTrue();
        if (host.Spec.Algorithm.Sampler == "grid")
        {
            host.Searched.Select(t => t.Cell!.Value).Order().ShouldBe(Enumerable.Range(0, host.Spec.Trials));
        }

        if (host.Spec.Algorithm.Name == "asha")
        {
            WholeAsha(host);
        }
        else
        {
            WholeLadders(host);
        }

        if (host.Study.BestNumber is null)
        {
            // Then everything that got the furthest failed, diverged or had no value.
            int furthest = host.Searched.Max(t => t.Rung) ?? 0;
            host.Searched.Where(t => (t.Rung ?? 0) == furthest && t.State != TrialState.Pruned).All(t => t.State == TrialState.Failed || t.Loss == null).ShouldBeTrue();
        }
    }

    private static void WholeLadders(StudyHost host)
    {
        foreach (IGrouping<int, Rung> bracket in host.Study.Rungs.GroupBy(r => r.Bracket))
        {
            Rung[] rungs = [.. bracket.OrderBy(r => r.Index)];
            for (int k = 0, size = rungs[0].Entered; k < rungs.Length; k++)
            {
                size = Math.Max(1, size / host.Spec.Algorithm.ReductionFactor!.Value);
                rungs[k].Promoted.ShouldBe(k == rungs.Length - 1 ? 0 : Math.Min(size, rungs[k].Finite));
                rungs[k].Decided.ShouldBeTrue();
            }
        }
    }

    /// <summary>Nobody who may go on is left, and somebody is fully trained if anybody could be.</summary>
    private static void WholeAsha(StudyHost host)
    {
        Rung[] rungs = [.. host.Study.Rungs.OrderBy(r => r.Index)];
        foreach (Rung rung in rungs.SkipLast(1))
        {
            bool left = rung.Open is { } open && rung.Cut.Includes(open);
            left.ShouldBeFalse($"rung {rung.Index} has a candidate left");
        }

        (rungs[^1].Finite > 0 || rungs.SkipLast(1).All(r => r.Open is null)).ShouldBeTrue();
    }
}
