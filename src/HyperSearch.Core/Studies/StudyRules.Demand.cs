using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

// What more slots would be good for.
public sealed partial class StudyRules
{
    /// <summary>
    /// The rungs with paused trials that may go on one by one. How many they are the counts of a rung do not tell, because
    /// trials that went on may stand behind the cut by now: the host counts the paused ones that do not.
    /// </summary>
    /// <param name="study">The study, with its rungs.</param>
    public static IEnumerable<Rung> Promoting(Study study) => study.Rungs.Where(r => r.Open is { } open && r.Cut.Includes(open));

    /// <summary>
    /// Segments that could start now with unlimited slots: trials and runs of the confirmation that wait, the baseline, trials
    /// that do not exist yet, and paused ones that may go on; as many as <c>max_parallel</c> and the epochs that are left allow, the latter counted with
    /// the shortest segment. A trial that waits for its rung to decide is none of them.
    /// </summary>
    /// <param name="study">The study, with its rungs.</param>
    /// <param name="promotable">Paused trials not behind the cut, over all <see cref="Promoting"/>.</param>
    public long CountStartable(Study study, long promotable)
    {
        if (!MayStart(study))
        {
            return 0;
        }

        long waiting = study.Waiting + study.ConfirmationsWaiting + (study.BaselineState == TrialState.Waiting ? 1 : 0);
        long others = study.Confirmation != ConfirmationPhase.None ? 0
            : Math.Max(0, study.Trials - study.Created) + (Spec.Baseline && study.BaselineState is null ? 1 : 0) + Math.Max(promotable, Promotable(study) is null ? 0 : 1);
        if (Spec.MaxEpochsTotal is { } most)
        {
            // A trial that was given back may have one epoch left to do.
            long left = Math.Max(0, most - study.EpochsExecuted - study.EpochsInFlight);
            waiting = Math.Min(waiting, left);
            others = Math.Min(others, (left - waiting) / Shortest(study));
        }

        return Math.Min(waiting + others, study.MaxParallel is { } parallel ? parallel - study.Assigned : long.MaxValue);
    }

    /// <summary>Whether none of the segments that could start fits into the epochs that are left.</summary>
    private bool NothingFits(Study study) => Spec.MaxEpochsTotal is { } most
        && most - study.EpochsExecuted - study.EpochsInFlight < (Find(study) is NextStart.Waiting ? 1 : Shortest(study));

    /// <summary>The fewest epochs that a new trial or the next promoted one takes.</summary>
    private int Shortest(Study study) => Promotable(study) is { } next
        ? Math.Min(_shortest, next.ToEpoch - study.Rung(next.Bracket, next.Rung)!.Epochs)
        : _shortest;
}
