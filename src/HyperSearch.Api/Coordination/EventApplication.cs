using HyperSearch.Api.Workers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
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
                count += e.Attempt.Kind == SegmentKind.Train ? await ApplyTrainAsync(study, e, ends) : await ApplySegmentAsync(study, e, cancellationToken);
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

    private async Task<int> ApplySegmentAsync(OpenStudy study, TrialEvent e, CancellationToken cancellationToken)
    {
        if (await study.Db.FindSegmentAsync(e.Attempt, cancellationToken) is not { } segment)
        {
            return 0;
        }

        if (!segment.IsCurrent(e.Attempt.Attempt, e.Incarnation))
        {
            study.OffersChanged |= e.Ends() && segment.Incarnation == e.Incarnation && segment.ReleaseSlot(e.Attempt.Attempt);
            return 0;
        }

        segment.Start();
        study.OffersChanged |= e.Ends();
        switch (e)
        {
            case { Completed: { } completed }:
                segment.Complete();
                await study.ApplyAsync(completed.ToInput(segment));
                break;
            case { Failed: { } failed }:
                if (segment.Fail(failed.Retryable))
                {
                    await study.ApplyAsync(segment.Without(EventTranslation.Text(failed.Message)));
                }

                break;
            case { Returned: { Cause: ReturnCause.ChildDied } }:
                await LoseAsync(study, segment, options.Value.MaxLostAttempts);
                break;
            case { Returned: not null }:
                segment.Return();
                break;
            default:
                break;
        }

        return 1;
    }

    /// <summary>Worker or child of a segment without training died; too many losses end it without a result.</summary>
    public static async Task LoseAsync(OpenStudy study, StudySegment segment, int maxLostAttempts)
    {
        if (segment.Lose(maxLostAttempts))
        {
            string what = segment.Kind == StudySegmentKind.Probe ? "The probe" : "Scoring";
            await study.ApplyAsync(segment.Without($"{what} was lost {segment.LostAttempts} times."));
        }
    }
}
