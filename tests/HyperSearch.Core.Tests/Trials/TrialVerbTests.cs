using System.Reflection;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Trials;

public sealed class TrialVerbTests
{
    private static readonly Guid Worker = new(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);
    private static readonly DateTimeOffset Now = StudyHost.Epoch;
    private static readonly TrialSummary One = TrialSummary.Of([new EpochReport { Epoch = 2, ValLoss = 0.5 }], new Objective());

    private static readonly Dictionary<string, Action<Trial>> Verbs = new()
    {
        ["place"] = t => t.Place(0, 1, 4),
        ["assign"] = t => t.Assign(Worker, null, false, Now),
        ["start"] = t => t.Start(Now),
        ["describe"] = t => t.Describe(new TrialFacts { Threads = 3 }),
        ["go_on_with"] = t => t.GoOnWith(4),
        ["report"] = t => t.Report(One, false, 1),
        ["record"] = t => t.Record(new Checkpoint(1, "new")),
        ["end_segment"] = t => t.EndSegment(TrialState.Completed, Now),
        ["diverge"] = t => t.Diverge(1, Now),
        ["return"] = t => t.Return(),
        ["lose"] = t => t.Lose(5),
        ["retry"] = t => t.Retry(Worker),
        ["fail"] = t => t.Fail(FailureKind.Internal, "broken", Now),
        ["prune"] = t => t.Prune(Now),
        ["revive"] = t => t.Revive(),
        ["stop"] = t => t.Stop(Now),
        ["cancel"] = t => t.Cancel(Now),
        ["release_slot"] = t => t.ReleaseSlot(1),
        ["count_attempt"] = t => t.CountAttempt(9),
    };

    // c = changes, i = ignores, t = throws; waiting dispatched running paused completed pruned failed cancelled.
    private static readonly Dictionary<string, string> Table = new()
    {
        ["place"] = "cttctttt",
        ["assign"] = "cttttttt",
        ["start"] = "iciiiiii",
        ["describe"] = "cccccccc",
        ["go_on_with"] = "tccttttt",
        ["report"] = "ttcttttt",
        ["record"] = "ttcttttt",
        ["end_segment"] = "ttcttttt",
        ["diverge"] = "ttcttttt",
        ["return"] = "tccttttt",
        ["lose"] = "tccttttt",
        ["retry"] = "tccttttt",
        ["fail"] = "cccttttt",
        ["prune"] = "tttciiii",
        ["revive"] = "ttttttct",
        ["stop"] = "ttcttttt",
        ["cancel"] = "cccciiii",
        ["release_slot"] = "iiiiiiic",
        ["count_attempt"] = "cccccccc",
    };

    public static TheoryData<string, TrialState> Cells
    {
        get
        {
            TheoryData<string, TrialState> data = [];
            foreach (string verb in Verbs.Keys)
            {
                foreach (TrialState state in Enum.GetValues<TrialState>())
                {
                    data.Add(verb, state);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Verb_EveryState_IsAsTheTableSays(string verb, TrialState state)
    {
        Trial trial = In(state);
        string before = Snapshot(trial);
        char outcome;
        try
        {
            Verbs[verb](trial);
            outcome = Snapshot(trial) == before ? 'i' : 'c';
        }
        catch (InvalidOperationException)
        {
            outcome = 't';
            Snapshot(trial).ShouldBe(before);
        }

        outcome.ShouldBe(Table[verb][(int)state]);
    }

    [Fact]
    public void Verbs_EveryVerb_IsInTheTable()
    {
        IEnumerable<string> methods = typeof(Trial)
            .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(m => !m.IsSpecialName && !m.IsPrivate && m.Name is not (nameof(Trial.Gap) or nameof(Trial.IsCurrent)))
            .Select(m => m.Name);
        methods.Order().ShouldBe(Verbs.Keys.Select(v => string.Concat(v.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]))).Order());
    }

    [Theory]
    [InlineData(TrialState.Waiting)]
    [InlineData(TrialState.Dispatched)]
    [InlineData(TrialState.Running)]
    [InlineData(TrialState.Failed)]
    [InlineData(TrialState.Cancelled)]
    public void EndSegment_StateThatIsNoEnd_Throws(TrialState state) =>
        Should.Throw<InvalidOperationException>(() => In(TrialState.Running).EndSegment(state, Now));

    [Theory]
    [MemberData(nameof(States))]
    public void IsCurrent_EveryState_OnlyWhileAssigned(TrialState state)
    {
        Trial trial = In(state);
        trial.IsCurrent(trial.Attempt, Worker).ShouldBe(state is TrialState.Dispatched or TrialState.Running);
        trial.IsCurrent(trial.Attempt + 1, Worker).ShouldBeFalse();
        trial.IsCurrent(trial.Attempt, Guid.Empty).ShouldBeFalse();
    }

    public static TheoryData<TrialState> States => [.. Enum.GetValues<TrialState>()];

    [Fact]
    public void Assign_BehindItsReportsWithoutSummary_Throws()
    {
        Trial trial = In(TrialState.Running);
        trial.Report(One, false, 1);
        trial.Return();
        Should.Throw<InvalidOperationException>(() => trial.Assign(Worker, null, false, Now));
        Should.Throw<InvalidOperationException>(() => trial.Assign(Worker, One, false, Now));
        (trial.State, trial.Attempt).ShouldBe((TrialState.Waiting, 1));
        trial.Assign(Worker, new TrialSummary { Epochs = 1, Value = 0.7 }, false, Now);
        (trial.Epochs, trial.Attempt, trial.Value).ShouldBe((1, 2, 0.7));
    }

    [Fact]
    public void Lose_Dispatched_CountsNothing()
    {
        Trial trial = In(TrialState.Dispatched);
        trial.Lose(1).ShouldBeFalse();
        (trial.State, trial.LostAttempts).ShouldBe((TrialState.Waiting, 0));
    }

    [Fact]
    public void ReleaseSlot_AnotherAttempt_IsIgnored()
    {
        Trial trial = In(TrialState.Cancelled);
        trial.ReleaseSlot(7).ShouldBeFalse();
        trial.Incarnation.ShouldBe(Worker);
        trial.ReleaseSlot(trial.Attempt).ShouldBeTrue();
        trial.ReleaseSlot(trial.Attempt).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, 0.1)]
    [InlineData(true, -0.1)]
    public void Gap_WorseOnValidation_IsPositive(bool maximize, double expected)
    {
        Trial trial = In(TrialState.Running);
        trial.Gap(maximize).ShouldBeNull();
        trial.Report(new TrialSummary { Epochs = 1, Value = 0.5, TrainValue = 0.4 }, maximize, 0);
        trial.Gap(maximize)!.Value.ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void CountAttempt_SecondsOfReports_AreCountedOnce()
    {
        Trial trial = In(TrialState.Running);
        trial.Report(One, false, 4);
        trial.CountAttempt(3);
        trial.CountAttempt(6);
        (trial.DeviceSeconds, trial.AttemptSeconds).ShouldBe((6, 6));
    }

    /// <summary>A trial of four epochs in a state; one that could be cancelled while assigned was.</summary>
    private static Trial In(TrialState state)
    {
        Trial trial = new("st_1", 0, ModelFamilyCatalog.Convnet.Defaults, 1, Now);
        if (state == TrialState.Waiting)
        {
            return trial;
        }

        trial.Assign(Worker, null, false, Now);
        if (state == TrialState.Dispatched)
        {
            return trial;
        }

        trial.Start(Now);
        // Something to record a checkpoint of, and nothing that a new assignment would have to forget.
        trial.Report(One with { Epochs = 1 }, false, 1);
        trial.Record(new Checkpoint(1, "old"));
        switch (state)
        {
            case TrialState.Paused or TrialState.Completed or TrialState.Pruned: trial.EndSegment(state, Now); break;
            case TrialState.Failed: trial.Fail(FailureKind.Internal, "broken", Now); break;
            case TrialState.Cancelled: trial.Cancel(Now); break;
            default: break;
        }

        trial.State.ShouldBe(state);
        return trial;
    }

    private static string Snapshot(Trial trial) =>
        string.Join('\n', typeof(Trial).GetProperties().Select(p => $"{p.Name}={p.GetValue(trial)}"));
}
