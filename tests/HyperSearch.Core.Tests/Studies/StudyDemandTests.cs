using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class StudyDemandTests
{
    private static readonly StudySpec Hyperband = Requests.Valid(Requests.With("\"algorithm\": {\"name\": \"hyperband\", \"max_epochs\": 9}, \"max_failed_trials\": 1000"));

    public static TheoryData<string, int?> Studies
    {
        get
        {
            TheoryData<string, int?> data = [];
            foreach (string algorithm in (string[])["random", "median", "halving", "asha", "hyperband", "confirm"])
            {
                data.Add(algorithm, null);
                data.Add(algorithm, 4);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Studies))]
    public void CountStartable_AtAnyMoment_IsWhatUnlimitedSlotsStart(string algorithm, int? maxParallel)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            StudyDriver study = new(Spec(algorithm) with { MaxParallel = maxParallel, MaxFailedTrials = 1000 }, maxLostAttempts: 1000);
            Random random = new(seed);
            List<Trial> assigned = [];
            do
            {
                long startable = Startable(study);
                int before = assigned.Count;
                while (study.Host.TryNext(out int? number))
                {
                    assigned.Add(study.Assign(number));
                }

                (assigned.Count - before).ShouldBe((int)startable);
                for (int ends = random.Next(1, 5); ends > 0 && assigned.Count > 0; ends--)
                {
                    Trial trial = assigned[random.Next(assigned.Count)];
                    assigned.Remove(trial);
                    End(study, trial, random);
                }
            }
            while (assigned.Count > 0 || Startable(study) > 0);
        }
    }

    [Fact]
    public void CountStartable_EpochsLeft_LimitWhatStarts()
    {
        StudyDriver study = new(Specs.Random(trials: 6, epochs: 3) with { MaxEpochsTotal = 10, Baseline = false });
        Startable(study).ShouldBe(3);
        Trial first = study.Assign();
        Startable(study).ShouldBe(2);
        study.Complete(first, 0.5);
        study.Complete(study.Assign(), 0.5);
        Trial given = study.Assign();
        study.Return(given, checkpoint: 2);

        // Two epochs are left: enough for the one that was given back, not for a new trial.
        Startable(study).ShouldBe(1);
    }

    [Fact]
    public void CountStartable_PausedAndEndingStudies_IsNone()
    {
        StudyDriver paused = new(Specs.Random());
        paused.Give(StudyVerb.Pause);
        StudyDriver stopping = new(Specs.Random());
        stopping.Assign();
        stopping.Give(StudyVerb.Stop);

        (Startable(paused), Startable(stopping)).ShouldBe((0, 0));
    }

    private static StudySpec Spec(string algorithm) => algorithm switch
    {
        "random" => Specs.Random(12),
        "median" => Specs.Median(12),
        "halving" => Specs.Halving(),
        "asha" => Specs.Asha(),
        "confirm" => Specs.Asha(9) with { Confirm = new StudyConfirm(2, 3) },
        _ => Hyperband,
    };

    private static long Startable(StudyDriver study)
    {
        long promotable = StudyRules.Promoting(study.Study).Sum(rung => study.Host.Searched.Count(t => t.State == TrialState.Paused
            && t.Bracket == rung.Bracket && t.Rung == rung.Index && t.Loss is { } loss && rung.Cut.Includes(new(loss, t.Number))));
        return study.Host.Rules.CountStartable(study.Study, promotable);
    }

    private static void End(StudyDriver study, Trial trial, Random random)
    {
        switch (trial.IsCurrent(trial.Attempt, StudyDriver.Worker) ? random.Next(8) : -1)
        {
            case -1: break;
            case 0: study.Fail(trial); break;
            case 1: study.Diverge(trial, trial.FromEpoch + 1); break;
            case 2: study.Return(trial); break;
            case 3: study.Host.Apply(new StudyInput.TrialVerbGiven(trial.Number, TrialVerb.Cancel)); break;
            default: study.Complete(trial, random.NextDouble()); break;
        }
    }
}
