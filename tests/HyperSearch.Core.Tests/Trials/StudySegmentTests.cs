using HyperSearch.Core.Simulation;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Trials;

public sealed class StudySegmentTests
{
    private static readonly Guid Worker = new(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static readonly Dictionary<string, Action<StudySegment>> Verbs = new()
    {
        ["assign"] = e => e.Assign(Worker, StudyHost.Epoch),
        ["start"] = e => e.Start(),
        ["return"] = e => e.Return(),
        ["lose"] = e => e.Lose(5),
        ["fail"] = e => e.Fail(true),
        ["complete"] = e => e.Complete(),
        ["cancel"] = e => e.Cancel(),
        ["release_slot"] = e => e.ReleaseSlot(1),
    };

    // c = changes, i = ignores, t = throws; waiting dispatched running completed failed cancelled.
    private static readonly Dictionary<string, string> Table = new()
    {
        ["assign"] = "cttttt",
        ["start"] = "iciiii",
        ["return"] = "tccttt",
        ["lose"] = "tccttt",
        ["fail"] = "tccttt",
        ["complete"] = "tccttt",
        ["cancel"] = "ccciii",
        ["release_slot"] = "iiiiic",
    };

    private static readonly TrialState[] States =
        [TrialState.Waiting, TrialState.Dispatched, TrialState.Running, TrialState.Completed, TrialState.Failed, TrialState.Cancelled];

    public static TheoryData<string, TrialState> Cells
    {
        get
        {
            TheoryData<string, TrialState> data = [];
            foreach (string verb in Verbs.Keys)
            {
                foreach (TrialState state in States)
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
        StudySegment evaluation = In(state);
        string before = Snapshot(evaluation);
        char outcome;
        try
        {
            Verbs[verb](evaluation);
            outcome = Snapshot(evaluation) == before ? 'i' : 'c';
        }
        catch (InvalidOperationException)
        {
            outcome = 't';
            Snapshot(evaluation).ShouldBe(before);
        }

        outcome.ShouldBe(Table[verb][Array.IndexOf(States, state)]);
    }

    [Fact]
    public void Lose_AsOftenAsAllowed_Fails()
    {
        StudySegment evaluation = StudySegment.Evaluate("st_1", 3);
        for (int loss = 1; loss <= 3; loss++)
        {
            evaluation.Assign(Worker, StudyHost.Epoch);
            evaluation.Start();
            evaluation.Lose(3).ShouldBe(loss == 3);
        }

        (evaluation.State, evaluation.LostAttempts, evaluation.Attempt).ShouldBe((TrialState.Failed, 3, 3));
    }

    [Fact]
    public void Lose_BeforeItsStart_CountsNothing()
    {
        StudySegment evaluation = In(TrialState.Dispatched);
        evaluation.Lose(1).ShouldBeFalse();
        (evaluation.State, evaluation.LostAttempts).ShouldBe((TrialState.Waiting, 0));
    }

    [Fact]
    public void Fail_Retryable_IsTriedOnceMoreElsewhere()
    {
        StudySegment evaluation = In(TrialState.Running);
        evaluation.Fail(retryable: true).ShouldBeFalse();
        (evaluation.State, evaluation.Avoids, evaluation.Retries).ShouldBe((TrialState.Waiting, Worker, 1));
        evaluation.Assign(Worker, StudyHost.Epoch);
        evaluation.Fail(retryable: true).ShouldBeTrue();
        evaluation.State.ShouldBe(TrialState.Failed);
    }

    [Fact]
    public void Fail_NotRetryable_IsFinal()
    {
        StudySegment evaluation = In(TrialState.Running);
        evaluation.Fail(retryable: false).ShouldBeTrue();
        evaluation.State.ShouldBe(TrialState.Failed);
    }

    [Fact]
    public void IsCurrent_OldAttemptOrOtherWorker_IsNot()
    {
        StudySegment evaluation = In(TrialState.Running);
        evaluation.IsCurrent(1, Worker).ShouldBeTrue();
        evaluation.IsCurrent(0, Worker).ShouldBeFalse();
        evaluation.IsCurrent(1, Guid.Empty).ShouldBeFalse();
        evaluation.Complete();
        evaluation.IsCurrent(1, Worker).ShouldBeFalse();
    }

    private static StudySegment In(TrialState state)
    {
        StudySegment evaluation = StudySegment.Evaluate("st_1", 3);
        if (state == TrialState.Waiting)
        {
            return evaluation;
        }

        evaluation.Assign(Worker, StudyHost.Epoch);
        if (state != TrialState.Dispatched)
        {
            evaluation.Start();
        }

        switch (state)
        {
            case TrialState.Completed: evaluation.Complete(); break;
            case TrialState.Failed: evaluation.Fail(false); break;
            case TrialState.Cancelled: evaluation.Cancel(); break;
            default: break;
        }

        evaluation.State.ShouldBe(state);
        return evaluation;
    }

    private static string Snapshot(StudySegment evaluation) =>
        string.Join('\n', typeof(StudySegment).GetProperties().Select(p => $"{p.Name}={p.GetValue(evaluation)}"));
}
