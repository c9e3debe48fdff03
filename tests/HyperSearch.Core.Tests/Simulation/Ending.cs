using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
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
        study.Probing.ShouldBeFalse();
        (study.Probe is not null, study.ProbeMissing is not null).ShouldBe(
            (host.Probe is { State: TrialState.Completed }, host.Probe is { State: TrialState.Failed or TrialState.Cancelled }));
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
            (winner.State, winner.Epochs == winner.FullEpochs || !host.Spec.Algorithm.IsMultiFidelity).ShouldBe((TrialState.Completed, true));
            bool scored = study.TestValue is not null || study.TestMissing is not null;
            // Cancelled while it was scored, a study may have one of two scores.
            scored.ShouldBe(study.State is StudyState.Completed or StudyState.Stopped || (scored && study.State == StudyState.Cancelled));
        }
    }

    private static void WholeSearch(StudyHost host)
    {
        Size(host);
        host.Trials.ContainsKey(Trial.BaselineNumber).ShouldBe(host.Spec.Baseline);
        HashSet<int> cancelled = [.. host.Log.SelectMany(e => e.ReadDecisions()).OfType<Decision.Cancel>()
            .Select(c => c.Number).Where(n => host.Trials[n].Confirms is null)];
        // What is left of a confirmation is cancelled when a budget runs out.
        host.Trials.Values.Where(t => t.State == TrialState.Cancelled && t.Confirms is null).Select(t => t.Number).ShouldBe(cancelled.Order());
        switch (host.Spec.Algorithm.Name)
        {
            case AlgorithmCatalog.Asha: WholeAsha(host); break;
            case AlgorithmCatalog.SuccessiveHalving or AlgorithmCatalog.Hyperband: WholeLadders(host); break;
            default: WholeRuns(host); break;
        }
    }

    /// <summary>N trials exist: what was asked for and enqueued, as far as there are configurations, and each of a finite space at most once.</summary>
    private static void Size(StudyHost host)
    {
        List<Trial> enqueued = [.. host.Searched.Where(t => t.Enqueued)];
        long asked = host.Study.MaxTrials + enqueued.Count;
        string sampler = host.Spec.Algorithm.Sampler;
        if (SamplerCatalog.DistinctConfigurations(host.Spec.Space, sampler) is { } distinct)
        {
            ISampler own = SamplerCatalog.Create(host.Spec);
            HashSet<ParameterSet> all = [.. Enumerable.Range(0, (int)distinct).Select(i => own.Propose(i, TrialHistory.Empty).Parameters)];
            int outside = enqueued.Count(t => !all.Contains(t.Parameters));
            if (asked >= distinct + outside)
            {
                all.IsSubsetOf(host.Searched.Select(t => t.Parameters)).ShouldBeTrue();
            }

            asked = Math.Min(asked, distinct + outside);
            int[] cells = [.. host.Searched.Where(t => t.Cell is not null).Select(t => t.Cell!.Value).Order()];
            cells.ShouldBe(cells.Distinct());
            cells.Length.ShouldBe(sampler is SamplerCatalog.Grid or SamplerCatalog.OneAtATime ? host.Study.Created - outside : 0);
        }

        host.Study.Created.ShouldBe((int)asked);
    }

    /// <summary>Without rungs: where nothing completed with a value, the last ones to be trained failed, were cancelled or had none.</summary>
    private static void WholeRuns(StudyHost host)
    {
        if (host.Study.BestNumber is null)
        {
            int most = host.Searched.Max(t => t.Epochs);
            host.Searched.Any(t => t.Epochs == most && (t.State is TrialState.Failed or TrialState.Cancelled || t.Loss is null)).ShouldBeTrue();
        }
    }

    /// <summary>Synchronous: every rung has decided and has the size that its predecessor gives it; without a winner everything promoted to the top failed, diverged or was cancelled.</summary>
    private static void WholeLadders(StudyHost host)
    {
        StudyAlgorithm algorithm = host.Spec.Algorithm;
        int eta = algorithm.ReductionFactor!.Value;
        Rung[][] brackets = [.. host.Study.Rungs.GroupBy(r => r.Bracket).OrderBy(b => b.Key).Select(b => b.OrderBy(r => r.Index).ToArray())];
        Ladder ladder = Ladder.Create(algorithm.MinEpochs!.Value, algorithm.MaxEpochs!.Value, eta);
        IEnumerable<int> first = algorithm.Name == AlgorithmCatalog.Hyperband
            ? HyperbandBrackets.Create(ladder, eta, host.Spec.Trials).Select(b => b.Trials[0])
            : [host.Study.Trials];
        brackets.Select(b => b[0].Entered).ShouldBe(first);
        foreach (Rung[] rungs in brackets)
        {
            for (int k = 0, size = rungs[0].Entered; k < rungs.Length; k++)
            {
                size = Math.Max(1, size / eta);
                rungs[k].Promoted.ShouldBe(k == rungs.Length - 1 ? 0 : Math.Min(size, rungs[k].Finite));
                rungs[k].Decided.ShouldBeTrue();
            }

            rungs.Select(r => r.Epochs).ShouldBe(ladder.Epochs.TakeLast(rungs.Length));
        }

        (host.Study.BestNumber is not null).ShouldBe(brackets.Any(b => b[^1].Finite > 0));
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
        (host.Study.BestNumber is not null).ShouldBe(rungs[^1].Finite > 0);
    }
}
