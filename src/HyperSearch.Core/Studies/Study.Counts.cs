using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <content>How the counts follow its trials.</content>
public sealed partial class Study
{
    /// <summary>Notes that a trial moved. A null <paramref name="before"/> is a new one.</summary>
    internal void Count(Trial trial, TrialStanding? before)
    {
        TrialStanding after = TrialStanding.Of(trial);
        EpochsInFlight += after.InFlight - (before?.InFlight ?? 0);
        if (before is { } same && same with { InFlight = after.InFlight } == after)
        {
            return;
        }

        Assigned += (after.State.IsAssigned() ? 1 : 0) - (before?.State.IsAssigned() == true ? 1 : 0);
        FailedAll += (after.State == TrialState.Failed ? 1 : 0) - (before?.State == TrialState.Failed ? 1 : 0);
        if (trial.IsBaseline)
        {
            BaselineState = after.State;
            return;
        }

        if (trial.Confirms is not null)
        {
            ConfirmationsWaiting += (after.State == TrialState.Waiting ? 1 : 0) - (before?.State == TrialState.Waiting ? 1 : 0);
            ConfirmationsOpen += (after.State.IsFinal() ? 0 : 1) - (before is { } old && !old.State.IsFinal() ? 1 : 0);
            return;
        }

        if (before is { } b)
        {
            Shift(b.State, -1);
            Rung(b.Bracket, b.Rung)?.Shift(b.State, -1);
        }

        Shift(after.State, 1);
        if (Rung(after.Bracket, after.Rung) is { } rung)
        {
            rung.Shift(after.State, 1);
            rung.Entered += before is { } was && was.Bracket == after.Bracket && was.Rung == after.Rung ? 0 : 1;
        }

        if (before?.Knowledge != after.Knowledge)
        {
            trial.HistorySequence = ++HistorySequence;
        }
    }

    /// <summary>Moves every searched trial of one state to another at once.</summary>
    internal void MoveAll(TrialState from, TrialState to, int count)
    {
        Shift(from, -count);
        Shift(to, count);
    }

    /// <summary>Every trial that is not final is cancelled.</summary>
    internal void CancelAll()
    {
        MoveAll(TrialState.Waiting, TrialState.Cancelled, Waiting);
        MoveAll(TrialState.Dispatched, TrialState.Cancelled, Dispatched);
        MoveAll(TrialState.Running, TrialState.Cancelled, Running);
        MoveAll(TrialState.Paused, TrialState.Cancelled, Paused);
        CancelBaseline();
        (ConfirmationsWaiting, ConfirmationsOpen) = (0, 0);
        Assigned = 0;
        EpochsInFlight = 0;
        _rungs.ForEach(r => (r.Waiting, r.Assigned, r.Paused) = (0, 0, 0));
    }

    /// <summary>Waiting trials are cancelled and paused ones pruned; what runs goes on.</summary>
    internal void EndOpen()
    {
        MoveAll(TrialState.Waiting, TrialState.Cancelled, Waiting);
        MoveAll(TrialState.Paused, TrialState.Pruned, Paused);
        ConfirmationsOpen -= ConfirmationsWaiting;
        ConfirmationsWaiting = 0;
        _rungs.ForEach(r => (r.Waiting, r.Paused) = (0, 0));
        if (BaselineState == TrialState.Waiting)
        {
            CancelBaseline();
        }
    }

    /// <summary>That many runs of the confirmation wait.</summary>
    internal void AddConfirmations(int runs)
    {
        ConfirmationsWaiting += runs;
        ConfirmationsOpen += runs;
    }

    private void CancelBaseline()
    {
        if (BaselineState is { } state && !state.IsFinal())
        {
            BaselineState = TrialState.Cancelled;
        }
    }

    private void Shift(TrialState state, int by)
    {
        switch (state)
        {
            case TrialState.Waiting: Waiting += by; break;
            case TrialState.Dispatched: Dispatched += by; break;
            case TrialState.Running: Running += by; break;
            case TrialState.Paused: Paused += by; break;
            case TrialState.Completed: Completed += by; break;
            case TrialState.Pruned: Pruned += by; break;
            case TrialState.Failed: Failed += by; break;
            case TrialState.Cancelled: Cancelled += by; break;
            default: throw new InvalidOperationException($"Unknown state {state}.");
        }
    }
}
