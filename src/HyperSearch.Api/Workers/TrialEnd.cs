using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Workers;

/// <summary>The end of a segment that says something of the worker that ran it.</summary>
/// <param name="Incarnation">The worker.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Failed">Whether it failed there.</param>
internal sealed record TrialEnd(Guid Incarnation, FailedTrial Trial, bool Failed)
{
    /// <summary>
    /// What an applied event says: a completed segment, or a failure, retried elsewhere or not. Bad parameters are the trial's
    /// own fault and say nothing, nor do segments that are given back.
    /// </summary>
    public static TrialEnd? Of(TrialEvent e, StudyOutcome outcome)
    {
        FailedTrial trial = new(e.Attempt.StudyId, e.Attempt.Number);
        bool failed = outcome.Decisions.Any(d => d is Decision.Fail { Kind: not FailureKind.BadParameters })
            || (e.Failed is not null && outcome.Decisions.Any(d => d is Decision.Return));
        return outcome.Applied && (failed || e.Completed is not null) ? new(e.Incarnation, trial, failed) : null;
    }
}
