using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Samplers;

/// <summary>Trials and histories for samplers.</summary>
internal static class Histories
{
    public static Trial Waiting(int number, ParameterSet parameters, bool enqueued = false) =>
        new("study", number, parameters, 1, DateTimeOffset.UnixEpoch) { Enqueued = enqueued };

    public static TrialHistory Of(IEnumerable<Trial> trials)
    {
        TrialHistory history = TrialHistory.Empty;
        foreach (Trial trial in trials)
        {
            history.Update(trial);
        }

        return history;
    }
}
