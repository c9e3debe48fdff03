using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

// Rungs, budgets, verbs and the end.
public sealed partial class StudyRules
{
    private static void Obey(Step step, StudyVerb verb)
    {
        (Study study, StudyOutcome outcome) = (step.Study, step.Outcome);
        if (Check(study.State, verb) != VerbOutcome.Changed)
        {
            return;
        }

        outcome.Applied = true;
        study.SpecVersion++;
        switch (verb)
        {
            case StudyVerb.Pause:
                study.PausedSince = step.Now;
                Enter(step, StudyState.Paused);
                break;
            case StudyVerb.Resume:
                EndPause(study, step.Now);
                Enter(step, study.StartedAt is null ? StudyState.Queued : StudyState.Running);
                break;
            case StudyVerb.Stop:
                BeginEnding(step, StopReason.UserStop);
                break;
            case StudyVerb.Cancel:
                study.CancelAll();
                CancelProbe(study);
                outcome.Decide(new Decision.CancelAll());
                Finish(step, StudyState.Cancelled, StopReason.UserCancel);
                break;
            default:
                throw new InvalidOperationException($"Unknown verb {verb}.");
        }
    }

    private void PassTime(Step step)
    {
        if (Spec.MaxDurationS is { } most && step.Study is { State: StudyState.Running, Scoring: false, StartedAt: { } started } study
            && (step.Now - started).TotalSeconds - study.PausedSeconds > most)
        {
            step.Outcome.Applied = true;
            BeginEnding(step, StopReason.MaxDurationS);
        }
    }

    /// <summary>A completed trial may be the best, meet the target or wear out the patience.</summary>
    private void Consider(Step step, Trial trial)
    {
        Study study = step.Study;
        if (!trial.IsSearched)
        {
            return;
        }

        if (trial.Number == Spec.BaselineNumber)
        {
            // one_at_a_time: the baseline is a trial of the search.
            study.BaselineModelNumber = trial.Number;
        }

        study.SinceBest++;
        if (trial.Loss is { } loss)
        {
            if (study.BestLoss is not { } best || loss < best || (loss == best && trial.Number < study.BestNumber))
            {
                study.SinceBest = study.BestLoss is null || loss < study.BestLoss ? 0 : study.SinceBest;
                study.BestLoss = loss;
                study.BestNumber = trial.Number;
            }

            if (Spec.Target is { } target && loss <= Spec.Objective.Loss(target))
            {
                BeginEnding(step, StopReason.Target);
            }
        }

        if (Spec.PatienceTrials is { } patience && study.SinceBest >= patience)
        {
            BeginEnding(step, StopReason.PatienceTrials);
        }
    }

    /// <summary>Brings the study to rest after an input: budgets, rungs, end.</summary>
    private void Settle(Step step)
    {
        Study study = step.Study;
        if (study.State.IsFinal() || study.Scoring)
        {
            return;
        }

        if (study.FailedAll > MaxFailedTrials(study))
        {
            BeginEnding(step, StopReason.MaxFailedTrials);
        }

        if (Spec.MaxDeviceSeconds is { } seconds && study.DeviceSeconds >= seconds && HasWork(study))
        {
            BeginEnding(step, StopReason.MaxDeviceSeconds);
        }

        bool compares = study.State != StudyState.Stopping && study.Confirmation == ConfirmationPhase.None && study.Rungs.Count > 0;
        while (compares && _scheduler.Decide(View(study)) is { } promotion)
        {
            Promote(step, promotion);
        }

        // With nothing running no epochs come free, and without a free slot nobody would ask again.
        if (study.Assigned == 0 && NothingFits(study) && HasWork(study))
        {
            BeginEnding(step, StopReason.MaxEpochsTotal);
        }

        bool lookingUp = study.Confirmation is ConfirmationPhase.Choosing or ConfirmationPhase.Ranking;
        if (!lookingUp && study.Assigned == 0 && (study.State == StudyState.Stopping || !HasWork(study)))
        {
            EndSearch(step, study.StopReason ?? (IsExhausted(study) ? StopReason.SpaceExhausted : StopReason.Finished));
        }
    }

    /// <summary>The default follows N when trials are enqueued or max_trials is raised; a number of the user's own stays.</summary>
    private int MaxFailedTrials(Study study) => Spec.MaxFailedTrials == StudySpec.DefaultMaxFailedTrials(Spec.Trials)
        ? StudySpec.DefaultMaxFailedTrials(study.Trials) : Spec.MaxFailedTrials;

    /// <summary>Whether anything is still to be done: to be created, assigned, compared or finished.</summary>
    private bool HasWork(Study study) => HasNew(study) || study.Waiting > 0 || study.ConfirmationsOpen > 0 || study.Assigned > 0 || study.BaselineState == TrialState.Waiting
        || (study.Paused > 0 && (!_scheduler.Asynchronous || Promotable(study) is not null));

    /// <summary>Whether N is smaller than asked for because the space has no more configurations.</summary>
    private bool IsExhausted(Study study) => Spec.SpaceExhausted || study.Trials < (long)study.MaxTrials + study.Enqueued;

    /// <summary>Nothing starts any more; what runs finishes its segment. A failure outweighs an earlier reason.</summary>
    private static void BeginEnding(Step step, StopReason reason)
    {
        Study study = step.Study;
        if (study.State == StudyState.Stopping)
        {
            study.StopReason = reason == StopReason.MaxFailedTrials ? reason : study.StopReason;
            return;
        }

        EndPause(study, step.Now);
        if (study.Scoring)
        {
            // The search is over; only the scores are awaited.
            Enter(step, StudyState.Stopping);
            return;
        }

        // Once the search is over its own reason stays; only failures outweigh it.
        study.StopReason = study.Confirmation == ConfirmationPhase.None || reason == StopReason.MaxFailedTrials ? reason : study.StopReason;
        study.EndOpen();
        CancelProbe(study);
        step.Outcome.Decide(new Decision.EndOpen(reason));
        Enter(step, StudyState.Stopping);
    }

    private void EndSearch(Step step, StopReason reason)
    {
        Study study = step.Study;
        study.StopReason = reason;
        if (study.Paused > 0)
        {
            study.EndOpen();
            step.Outcome.Decide(new Decision.PrunePaused());
        }

        if (study.Confirmation == ConfirmationPhase.None && IsToBeConfirmed(study, reason))
        {
            BeginConfirmation(step);
            return;
        }

        if (study.Confirmation == ConfirmationPhase.Running && reason != StopReason.MaxFailedTrials)
        {
            study.Confirmation = ConfirmationPhase.Ranking;
            step.Outcome.Decide(new Decision.RankCandidates());
            return;
        }

        StudyState end = EndState(reason);
        if (end is StudyState.Failed || study.BestNumber is not { } best || Spec.Dataset is null)
        {
            study.TestMissing = end is StudyState.Failed ? null
                : Spec.Dataset is null ? "The model has no dataset and so no test split."
                : "No searched trial completed with a finite value.";
            Finish(step, end, reason);
            return;
        }

        int model = study.ModelNumber ?? best;
        int[] numbers = BaselineModel(study) is { } baseline && baseline != model ? [model, baseline] : [model];
        study.Scoring = true;
        study.ScoresOutstanding = numbers.Length;
        step.Outcome.Decide(new Decision.Score(numbers));
    }

    private void Score(Step step, StudyInput.Scored scored)
    {
        Study study = step.Study;
        if (!AwaitsScore(study, scored.Number))
        {
            return;
        }

        step.Outcome.Applied = true;
        study.ScoresOutstanding--;
        if (scored.Number != (study.ModelNumber ?? study.BestNumber))
        {
            study.TestBaselineValue = scored.Value;
        }
        else
        {
            study.TestValue = scored.Value;
            study.TestExamples = scored.Examples;
            study.TestStandardError = scored.StandardError;
            study.TestMissing = scored.Value is null ? scored.Missing ?? "The scoring gave no value." : null;
        }

        if (study.ScoresOutstanding == 0)
        {
            study.Scoring = false;
            study.BeatsBaseline = study is { TestValue: { } ours, TestBaselineValue: { } defaults } ? Spec.Objective.IsBetter(ours, defaults) : null;
            Finish(step, EndState(study.StopReason!.Value), study.StopReason.Value);
        }
    }

    /// <summary>Whether that trial's model is yet to be scored; a repeated score changes nothing.</summary>
    private static bool AwaitsScore(Study study, int number)
    {
        int winner = study is { TestValue: null, TestMissing: null } ? 1 : 0;
        return study.Scoring && (number == (study.ModelNumber ?? study.BestNumber) ? winner > 0
            : number == BaselineModel(study) && study.ScoresOutstanding > winner);
    }

    /// <summary>The trial whose model the winner's is compared with on the test split; null when there is none.</summary>
    private static int? BaselineModel(Study study) => study.BaselineModelNumber
        ?? (study.BaselineState == TrialState.Completed ? Trial.BaselineNumber : null);

    private static StudyState EndState(StopReason reason) => reason switch
    {
        StopReason.MaxFailedTrials => StudyState.Failed,
        StopReason.UserStop => StudyState.Stopped,
        StopReason.UserCancel => StudyState.Cancelled,
        StopReason.Finished or StopReason.SpaceExhausted or StopReason.Target or StopReason.PatienceTrials
            or StopReason.MaxEpochsTotal or StopReason.MaxDeviceSeconds or StopReason.MaxDurationS => StudyState.Completed,
        _ => throw new InvalidOperationException($"Unknown reason {reason}."),
    };

    private static void Finish(Step step, StudyState state, StopReason reason)
    {
        step.Study.State = state;
        step.Study.StopReason = reason;
        step.Study.FinishedAt = step.Now;
        step.Study.Scoring = false;
        step.Study.ScoresOutstanding = 0;
        EndPause(step.Study, step.Now);
        step.Outcome.Decide(new Decision.Finish(state, reason));
    }

    private static void Enter(Step step, StudyState state)
    {
        step.Study.State = state;
        step.Outcome.Decide(new Decision.Enter(state));
    }

    private static void EndPause(Study study, DateTimeOffset now)
    {
        if (study.PausedSince is { } since)
        {
            study.PausedSeconds += (now - since).TotalSeconds;
            study.PausedSince = null;
        }
    }
}
