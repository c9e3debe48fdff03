using HyperSearch.Api.Workers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>Applies the events of one study in one transaction.</summary>
internal sealed class EventApplication(StudyTransactions transactions, FailingWorkers failing, IOptions<CoordinationOptions> options, CoordinationMetrics metrics)
{
    /// <summary>Applies events in their order. Those of other attempts and of deleted studies are dropped and counted.</summary>
    public async Task ApplyAsync(string studyId, IReadOnlyList<TrialEvent> events, CancellationToken cancellationToken)
    {
        List<TrialEnd> ends = [];
        int applied = await transactions.RunAsync(studyId, async study =>
        {
            ends.Clear();
            await study.LoadTrialsAsync(events.Select(e => e.Attempt.Number));
            int count = 0;
            foreach (TrialEvent e in events)
            {
                count += e.Attempt.Kind == SegmentKind.Train ? await ApplyTrainAsync(study, e, ends) : await ApplyEvaluateAsync(study, e, cancellationToken);
            }

            return count;
        }, cancellationToken);
        if (ends.Count > 0)
        {
            await failing.NoteAsync(ends, cancellationToken);
        }

        metrics.EventsApplied.Add(applied);
        metrics.EventsDropped.Add(events.Count - applied);
    }

    private static async Task<int> ApplyTrainAsync(OpenStudy study, TrialEvent e, List<TrialEnd> ends)
    {
        StudyOutcome outcome = await study.ApplyAsync(e.ToInput());
        if (TrialEnd.Of(e, outcome) is { } end)
        {
            ends.Add(end);
        }

        if (!outcome.Applied && e.Ends() && await study.FindTrialAsync(e.Attempt.Number) is { } trial
            && trial.Incarnation == e.Incarnation && trial.ReleaseSlot(e.Attempt.Attempt))
        {
            study.OffersChanged = true;
        }

        return outcome.Applied ? 1 : 0;
    }

    private async Task<int> ApplyEvaluateAsync(OpenStudy study, TrialEvent e, CancellationToken cancellationToken)
    {
        Evaluation? evaluation = await study.Db.Evaluations.SingleOrDefaultAsync(
            v => v.StudyId == e.Attempt.StudyId && v.Number == e.Attempt.Number, cancellationToken);
        if (evaluation is null || !evaluation.IsCurrent(e.Attempt.Attempt, e.Incarnation))
        {
            return 0;
        }

        evaluation.Start();
        study.OffersChanged |= e.Ends();
        switch (e)
        {
            case { Completed: { } completed }:
                evaluation.Complete();
                TestScore score = completed.Test ?? new TestScore { Missing = "The worker sent no score." };
                await study.ApplyAsync(new StudyInput.Scored(evaluation.Number, score.Value, score.Examples, score.StandardError, score.Missing));
                break;
            case { Failed: { } failed }:
                if (evaluation.Fail(failed.Retryable))
                {
                    await study.ApplyAsync(Unscored(evaluation, failed.Message));
                }

                break;
            case { Returned: { Cause: ReturnCause.ChildDied } }:
                await LoseAsync(study, evaluation, options.Value.MaxLostAttempts);
                break;
            case { Returned: not null }:
                evaluation.Return();
                break;
            default:
                break;
        }

        return 1;
    }

    /// <summary>Worker or child of a scoring died; too many losses end it without a score.</summary>
    public static async Task LoseAsync(OpenStudy study, Evaluation evaluation, int maxLostAttempts)
    {
        if (evaluation.Lose(maxLostAttempts))
        {
            await study.ApplyAsync(Unscored(evaluation, $"Scoring was lost {evaluation.LostAttempts} times."));
        }
    }

    private static StudyInput.Scored Unscored(Evaluation evaluation, string why) => new(evaluation.Number, null, 0, null, why);
}
