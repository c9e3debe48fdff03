using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace HyperSearch.Api.Coordination;

/// <summary>Offers free slots to one study, in one transaction: probe and scoring first, then waiting trials, then new ones.</summary>
internal sealed class Offers(StudyTransactions transactions, IOptions<CoordinationOptions> options)
{
    /// <summary>Returns the commands for the slots that were taken, to be sent after the commit.</summary>
    /// <param name="studyId">The study.</param>
    /// <param name="slots">The incarnation of each free slot.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<List<(Guid Incarnation, RunTrial Command)>> OfferAsync(string studyId, IReadOnlyList<Guid> slots, CancellationToken cancellationToken) =>
        await transactions.RunAsync(studyId, async study =>
        {
            LinkedList<Guid> free = new(slots);
            List<(Guid, RunTrial)> runs = [];
            if (StudyRules.MayStartSegments(study.Study))
            {
                await OfferSegmentsAsync(study, free, runs, cancellationToken);
            }

            await OfferTrialsAsync(study, free, runs, cancellationToken);
            return runs;
        }, cancellationToken) ?? [];

    private async Task OfferSegmentsAsync(OpenStudy study, LinkedList<Guid> free, List<(Guid, RunTrial)> runs, CancellationToken cancellationToken)
    {
        List<StudySegment> waiting = await study.Db.Segments
            .Where(s => s.StudyId == study.Study.Id && s.State == TrialState.Waiting).OrderBy(s => s.Number).ToListAsync(cancellationToken);
        foreach (StudySegment segment in waiting)
        {
            Trial? trial = segment.Kind == StudySegmentKind.Evaluate ? await study.FindTrialAsync(segment.Number) : null;
            if (segment.Kind == StudySegmentKind.Evaluate && trial?.CheckpointKey is null)
            {
                segment.Cancel();
                await study.ApplyAsync(segment.Without($"Trial {segment.Number} left no model to score."));
                continue;
            }

            if (Take(free, segment.Avoids) is not { } slot)
            {
                return;
            }

            segment.Assign(slot, study.Now);
            if (segment.Kind == StudySegmentKind.Probe)
            {
                await study.ApplyAsync(new StudyInput.ProbeAssigned());
            }

            runs.Add((slot, trial is null ? ProbeCommand(study, segment) : Command(study, trial, segment.Reference(), trial.CheckpointKey)));
        }
    }

    private async Task OfferTrialsAsync(OpenStudy study, LinkedList<Guid> free, List<(Guid, RunTrial)> runs, CancellationToken cancellationToken)
    {
        if (free.Count == 0 || !StudyRules.MayStart(study.Study))
        {
            return;
        }

        Queue<(int? Number, Guid? Avoids)> waiting = new(await WaitingAsync(study, free.Count, cancellationToken));
        while (free.Count > 0 && study.Rules.Next(study.Study) is var next and not NextStart.Nothing)
        {
            (int? number, Guid? avoids) = next switch
            {
                NextStart.Waiting => waiting.Dequeue(),
                NextStart.Paused paused => (paused.Number, null),
                _ => (null, null),
            };
            Guid slot = Take(free, avoids)!.Value;
            TrialSummary? rewound = number is { } n && await study.FindTrialAsync(n) is { } back ? await study.SummaryAtCheckpointAsync(back) : null;
            StudyOutcome outcome = await study.ApplyAsync(new StudyInput.Offered(slot, number, rewound));
            if (outcome.Decisions.OfType<Decision.Assign>().FirstOrDefault() is not { } assign || await study.FindTrialAsync(assign.Number) is not { } trial)
            {
                return;
            }

            if (rewound is not null)
            {
                await study.ForgetReportsAsync(assign.Number, assign.FromEpoch);
            }

            runs.Add((slot, Command(study, trial, new(study.Study.Id, trial.Number, SegmentKind.Train, assign.Attempt), trial.CheckpointKey)));
        }
    }

    /// <summary>The baseline, then the earliest bracket, the lowest rung and the best first, along the index.</summary>
    private static async Task<List<(int? Number, Guid? Avoids)>> WaitingAsync(OpenStudy study, int most, CancellationToken cancellationToken)
    {
        IQueryable<Trial> waiting = study.Db.Trials.Where(t => t.StudyId == study.Study.Id && t.State == TrialState.Waiting);
        List<Trial> found = study.Study.BaselineState == TrialState.Waiting ? await waiting.Where(t => t.Number == Trial.BaselineNumber).ToListAsync(cancellationToken) : [];
        if (study.Study.Waiting + study.Study.ConfirmationsWaiting > 0)
        {
            found.AddRange(await waiting.Where(t => t.Number != Trial.BaselineNumber)
                .OrderBy(t => t.Bracket).ThenBy(t => t.Rung).ThenBy(t => t.Loss).ThenBy(t => t.Number).Take(most).ToListAsync(cancellationToken));
        }

        return [.. found.Select(t => ((int?)t.Number, t.Avoids))];
    }

    /// <summary>Takes a slot, one of another worker than the avoided one if there is one.</summary>
    private static Guid? Take(LinkedList<Guid> free, Guid? avoids)
    {
        if (free.First is not { } first)
        {
            return null;
        }

        LinkedListNode<Guid> node = first;
        while (node.Value == avoids && node.Next is { } next)
        {
            node = next;
        }

        if (node.Value == avoids)
        {
            node = first;
        }

        free.Remove(node);
        return node.Value;
    }

    private RunTrial Command(OpenStudy study, Trial trial, AttemptReference attempt, string? checkpoint) => new()
    {
        Attempt = attempt,
        Spec = study.Resolved,
        Parameters = trial.Parameters.ToJson().ToJsonString(),
        Seed = trial.Seed,
        FromEpoch = trial.CheckpointEpoch,
        ToEpoch = trial.ToEpoch,
        Checkpoint = checkpoint,
        MicroBatch = trial.MicroBatch,
        CheckpointIntervalS = options.Value.CheckpointIntervalS,
    };

    private static RunTrial ProbeCommand(OpenStudy study, StudySegment probe) => new()
    {
        Attempt = probe.Reference(),
        Spec = study.Resolved,
        Parameters = study.Spec.Space.Constants.ToJson().ToJsonString(),
        Seed = study.Spec.Seed,
        FromEpoch = 0,
        ToEpoch = 0,
    };
}
