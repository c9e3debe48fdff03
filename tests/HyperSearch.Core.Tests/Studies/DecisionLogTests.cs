using System.Text.Json;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Simulation;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Studies;

public sealed class DecisionLogTests
{
    private static readonly AttemptFence By = new(3, 2, StudyDriver.Worker);
    private static readonly Checkpoint Saved = new(2, "k/2");
    private static readonly IReadOnlyList<EpochReport> Reports = [StudyDriver.Metric(1, 0.25), StudyDriver.Metric(2, null)];

    public static TheoryData<string> Inputs => [.. AllInputs.Keys];

    public static TheoryData<string> Decisions => [.. AllDecisions.Keys];

    private static Dictionary<string, StudyInput> AllInputs { get; } = new StudyInput[]
    {
        new StudyInput.Offered(StudyDriver.Worker, 3, TrialSummary.Of(Reports, new Objective())),
        new StudyInput.Started(By, new TrialFacts { MicroBatch = 8, BatchNormMicro = true, Threads = 2, Cpu = "c", Libtorch = "l" }),
        new StudyInput.Reported(By, Reports[0], Saved),
        new StudyInput.SegmentCompleted(By, Reports, Saved, 2, true, 1.5),
        new StudyInput.SegmentReturned(By, Reports, Saved, true, 1.5) { MicroBatch = 8 },
        new StudyInput.TrialFailed(By, Reports, FailureKind.OutOfMemory, "m", true, 1.5),
        new StudyInput.TakenBack(By, true),
        new StudyInput.VerbGiven(StudyVerb.Cancel),
        new StudyInput.TrialVerbGiven(3, TrialVerb.Retry),
        new StudyInput.Enqueued(HyperSearch.Core.ModelFamilies.ModelFamilyCatalog.Convnet.Defaults.Normalize()),
        new StudyInput.Patched(30, true, 4, -1),
        new StudyInput.CandidatesChosen([3, -1]),
        new StudyInput.CandidatesRead([new CandidateRun(9, 3, 77, 0.5), new CandidateRun(10, -1, 77, null)]),
        new StudyInput.Scored(-1, 0.5, 10, 0.1, "m"),
        new StudyInput.ProbeAssigned(),
        new StudyInput.Probed(new([new(1, 0.5, 0.1), new(2, 0.75, null)], 40, 10), "m"),
        new StudyInput.TimePassed(),
    }.ToDictionary(i => i.GetType().Name);

    private static Dictionary<string, Decision> AllDecisions { get; } = new Decision[]
    {
        new Decision.Create(3, 4, "00ff00ff00ff00ff"),
        new Decision.Assign(3, 1, 0, 9),
        new Decision.AwaitRung(3),
        new Decision.Complete(3),
        new Decision.Prune(3, true),
        new Decision.Return(3, true),
        new Decision.Fail(3, FailureKind.DatasetError),
        new Decision.Promote(0, 1, 3, 9),
        new Decision.ChooseCandidates(3, -1),
        new Decision.RunAgain([3, -1], 9, [77, 78]),
        new Decision.RankCandidates(),
        new Decision.GoOn(3, 1, 9),
        new Decision.Stop(3),
        new Decision.Cancel(3),
        new Decision.PrunePaused(),
        new Decision.EndOpen(StopReason.MaxDurationS),
        new Decision.CancelAll(),
        new Decision.Enter(StudyState.Stopping),
        new Decision.ProposeFreezing(new(2, 0, 3)),
        new Decision.Score([3, -1]),
        new Decision.Finish(StudyState.Stopped, StopReason.UserStop),
    }.ToDictionary(d => d.GetType().Name);

    [Fact]
    public void Tables_EveryCase_IsThere()
    {
        AllInputs.Count.ShouldBe(typeof(StudyInput).GetNestedTypes().Length);
        AllDecisions.Count.ShouldBe(typeof(Decision).GetNestedTypes().Length);
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void ReadInput_EveryInput_ComesBackEqual(string name)
    {
        StudyInput input = AllInputs[name];
        DecisionLogEntry entry = Entry(input, new StudyOutcome());
        StudyInput read = entry.ReadInput();
        // Lists compare by reference; everything else by value.
        Flat(read).ShouldBe(Flat(input));
        read.Trial.ShouldBe(input.Trial);
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void ReadDecisions_EveryDecision_ComesBackEqual(string name)
    {
        StudyOutcome outcome = new();
        outcome.Decide(AllDecisions[name]);
        DecisionLogEntry entry = Entry(new StudyInput.TimePassed(), outcome);
        Decision read = entry.ReadDecisions().ShouldHaveSingleItem();
        read.ShouldBe(AllDecisions[name]);
        read.GetHashCode().ShouldBe(AllDecisions[name].GetHashCode());
    }

    [Fact]
    public void Next_Names_AreSnakeCaseAndTrialIsNotRepeated()
    {
        DecisionLogEntry entry = Entry(new StudyInput.TakenBack(By, true), new StudyOutcome());
        using JsonDocument json = JsonDocument.Parse(entry.Input);
        json.RootElement.GetProperty("type").GetString().ShouldBe("taken_back");
        json.RootElement.TryGetProperty("trial", out _).ShouldBeFalse();
        entry.Decisions.ShouldBe("[]");
    }

    [Fact]
    public void Next_Sequence_RisesWithoutGaps()
    {
        Study study = new("st_1", "s", StudyHost.Epoch);
        Enumerable.Range(0, 3).Select(_ => DecisionLogEntry.Next(study, new StudyInput.TimePassed(), new StudyOutcome(), StudyHost.Epoch).Sequence)
            .ShouldBe([1L, 2L, 3L]);
        study.LastDecision.ShouldBe(3);
    }

    [Fact]
    public void Equals_ScoresOfOtherNumbers_Differ()
    {
        new Decision.Score([3, -1]).ShouldBe(new Decision.Score([3, -1]));
        new Decision.Score([3, -1]).ShouldNotBe(new Decision.Score([3]));
        new Decision.Score([3, -1]).ShouldNotBe(new Decision.Score([-1, 3]));
    }

    [Fact]
    public void Replay_StartedThenLost_FailsAtTheSameLoss()
    {
        StudyDriver study = new(Specs.Random(1) with { Baseline = false, Dataset = null }, maxLostAttempts: 2);
        Trial trial = study.Assign();
        study.Start(trial);
        study.TakeBack(trial);
        study.Start(study.Assign(0));
        study.TakeBack(trial);
        trial.ErrorKind.ShouldBe(FailureKind.WorkerLost);
        Replay.Check(study.Host, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Replay_TriedAgainFromTheEndOfItsSegmentAndReturned_EndsItAlike(bool started)
    {
        StudyDriver study = new(Specs.Random(2, 1) with { Baseline = false, Dataset = null });
        Trial trial = study.Assign();
        study.Report(trial, 1, 0.5, checkpoint: true);
        study.Fail(trial, FailureKind.DatasetError, retryable: true);
        study.Assign(0).FromEpoch.ShouldBe(1);
        if (started)
        {
            study.Start(trial);
        }

        study.Host.Apply(new StudyInput.SegmentReturned(StudyDriver.Fence(trial), [], null, false, 0));

        trial.State.ShouldBe(TrialState.Completed);
        Replay.Check(study.Host, 5);
    }

    [Fact]
    public void Apply_MereStart_IsNotLogged()
    {
        StudyDriver study = new(Specs.Random(1));
        Trial trial = study.Assign();
        study.Start(trial).Logged.ShouldBeFalse();
        study.Host.Log.Count.ShouldBe(1);
    }

    [Fact]
    public void Apply_RepeatedReport_IsNotLogged()
    {
        StudyDriver study = new(Specs.Random(1));
        Trial trial = study.Assign();
        study.Report(trial, 1, 0.5, checkpoint: true).Logged.ShouldBeTrue();
        study.Report(trial, 1, 0.5, checkpoint: true).Logged.ShouldBeFalse();
        study.Host.Log.Count.ShouldBe(2);
    }

    private static DecisionLogEntry Entry(StudyInput input, StudyOutcome outcome) =>
        DecisionLogEntry.Next(new Study("st_1", "s", StudyHost.Epoch), input, outcome, StudyHost.Epoch);

    private static string Flat(StudyInput input) => JsonSerializer.Serialize(input, input.GetType()) + input.GetType().Name;
}
