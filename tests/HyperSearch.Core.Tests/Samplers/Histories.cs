using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Samplers;

/// <summary>Trials and histories for samplers.</summary>
internal static class Histories
{
    private static readonly Guid Worker = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    public static Trial Waiting(int number, ParameterSet parameters, bool enqueued = false) =>
        new("study", number, parameters, 1, Now) { Enqueued = enqueued };

    /// <summary>A trial in any state. Without a loss it diverges where it would end with one.</summary>
    public static Trial In(TrialState state, int number, ParameterSet parameters, double? loss = null, int epochs = 1, long sequence = 0, bool enqueued = false)
    {
        Trial trial = Waiting(number, parameters, enqueued);
        trial.HistorySequence = sequence;
        switch (state)
        {
            case TrialState.Waiting:
                return trial;
            case TrialState.Cancelled:
                trial.Cancel(Now);
                return trial;
        }

        trial.Assign(Worker, null, false, Now);
        if (state == TrialState.Dispatched)
        {
            return trial;
        }

        trial.Start(Now);
        trial.Report(new TrialSummary { Epochs = epochs, Value = loss }, false, 0);
        switch (state)
        {
            case TrialState.Running: break;
            case TrialState.Failed: trial.Fail(FailureKind.Internal, "", Now); break;
            default: End(trial, state); break;
        }

        return trial;
    }

    public static TrialHistory Of(IEnumerable<Trial> trials)
    {
        TrialHistory history = TrialHistory.Empty;
        foreach (Trial trial in trials)
        {
            history.Update(trial);
        }

        return history;
    }

    private static void End(Trial trial, TrialState state)
    {
        if (trial.Loss is null && state == TrialState.Pruned)
        {
            trial.Diverge(trial.Epochs, Now);
        }
        else
        {
            trial.EndSegment(state, Now);
        }
    }
}
