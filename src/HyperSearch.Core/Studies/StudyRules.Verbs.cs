using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

// What users do to a running study.
public sealed partial class StudyRules
{
    /// <summary>The most searched trials of a study.</summary>
    public const int MostTrials = 100_000;

    /// <summary>What a verb would do to one trial; nothing is changed.</summary>
    /// <param name="study">The study, with its rungs.</param>
    /// <param name="trial">The trial.</param>
    /// <param name="verb">The verb.</param>
    public static VerbOutcome Check(Study study, Trial trial, TrialVerb verb) => verb switch
    {
        TrialVerb.Cancel => trial.State == TrialState.Cancelled ? VerbOutcome.Unchanged
            : trial.State.IsFinal() ? VerbOutcome.Illegal : VerbOutcome.Changed,
        TrialVerb.Retry => trial.State == TrialState.Failed && IsOpen(study)
            && (trial.Confirms is null) == (study.Confirmation == ConfirmationPhase.None) && study.Rung(trial.Bracket, trial.Rung)?.Decided != true
            ? VerbOutcome.Changed : VerbOutcome.Illegal,
        _ => throw new InvalidOperationException($"Unknown verb {verb}."),
    };

    /// <summary>Why no configuration can be enqueued now, for people; null when one can.</summary>
    /// <param name="study">The study, with its rungs.</param>
    public string? EnqueueClosed(Study study) => !IsSearching(study) ? "The search is over."
        : study.Trials >= MostTrials ? $"A study has at most {MostTrials:N0} trials."
        : Spec.Algorithm.Name == AlgorithmCatalog.Hyperband ? "Hyperband's trials are fixed beforehand."
        : Spec.Algorithm.Name == SamplerCatalog.OneAtATime && study.Created == 0 ? "The baseline, trial 0, has to start first."
        : study.Rungs.Any(r => r is { Index: 0, Decided: true }) ? "The first rung has decided who goes on."
        : null;

    /// <summary>Why N cannot be raised, for people; null when it can.</summary>
    /// <param name="study">The study, with its rungs.</param>
    public string? RaiseClosed(Study study) => !IsSearching(study) ? "The search is over."
        : study.Rungs.Count > 0 && !_scheduler.Asynchronous ? "A synchronous ladder is planned for its number of trials."
        : !_scheduler.Asynchronous && Spec.Algorithm.Sampler is SamplerCatalog.Grid or SamplerCatalog.OneAtATime ? $"{Spec.Algorithm.Name} has a fixed number of trials."
        : null;

    private static bool IsSearching(Study study) => IsOpen(study) && study.Confirmation == ConfirmationPhase.None;

    private static bool IsOpen(Study study) => study is { State: StudyState.Queued or StudyState.Running or StudyState.Paused, Scoring: false };

    private void Obey(Step step, TrialVerb verb)
    {
        if (step.Trial is not { } trial || Check(step.Study, trial, verb) != VerbOutcome.Changed)
        {
            return;
        }

        step.Outcome.Applied = true;
        step.Study.SpecVersion++;
        switch (verb)
        {
            case TrialVerb.Cancel:
                bool paused = trial.State == TrialState.Paused;
                Counted(step.Study, trial, step.Now, static (t, now) => t.Cancel(now));
                if (paused)
                {
                    LeaveRung(step, trial);
                }

                step.Outcome.Decide(new Decision.Cancel(trial.Number));
                break;
            case TrialVerb.Retry:
                Counted(step.Study, trial, step.Now, static (t, _) => t.Revive());
                step.Outcome.Decide(new Decision.Return(trial.Number, false));
                break;
            default:
                throw new InvalidOperationException($"Unknown verb {verb}.");
        }
    }

    private void Enqueue(Step step, ParameterSet parameters)
    {
        Study study = step.Study;
        if (EnqueueClosed(study) is not null)
        {
            return;
        }

        step.Outcome.Applied = true;
        study.SpecVersion++;
        study.Enqueued++;
        study.EnqueuedOutside += _distinct is null || _sampler.Contains(parameters) ? 0 : 1;
        SetTrials(study);
        int? cell = _sampler is GridSampler grid ? grid.CellOf(parameters) : (_sampler as OneAtATimeSampler)?.CellOf(parameters);
        Trial trial = Searched(study, new(parameters, cell), step.Now);
        trial.Enqueued = true;
        Add(step, trial);
    }

    private void Patch(Step step, StudyInput.Patched patched)
    {
        Study study = step.Study;
        step.Outcome.Applied = true;
        study.SpecVersion++;
        if (patched.SetsMaxParallel)
        {
            study.MaxParallel = patched.MaxParallel;
        }

        study.Priority = patched.Priority ?? study.Priority;
        if (patched.MaxTrials is { } most && most > study.MaxTrials && RaiseClosed(study) is null)
        {
            study.MaxTrials = most;
            SetTrials(study);
        }
    }

    /// <summary>N: what was asked for, as far as the space has configurations.</summary>
    private void SetTrials(Study study)
    {
        long asked = Math.Min((long)study.MaxTrials + study.Enqueued, MostTrials);
        study.Trials = (int)Math.Max(study.Created, _distinct is { } d ? Math.Min(asked, d + study.EnqueuedOutside) : asked);
    }
}
