using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.Leaderboards;

namespace HyperSearch.Core.Studies;

// The confirmation after the search.
public sealed partial class StudyRules
{
    private static readonly JsonSerializerOptions StoredJson = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What the confirmation of a study came to, best first; empty without one.</summary>
    /// <param name="study">The study.</param>
    public static ImmutableArray<ConfirmedCandidate> Confirmed(Study study) =>
        study.Confirmed is { } json ? JsonSerializer.Deserialize<ImmutableArray<ConfirmedCandidate>>(json, StoredJson) : [];

    /// <summary>Only a search that came to its own end is confirmed: what used up a budget has none left for it.</summary>
    private bool IsToBeConfirmed(Study study, StopReason reason) => Spec.Confirm is not null && study.BestNumber is not null
        && reason is StopReason.Finished or StopReason.SpaceExhausted or StopReason.Target or StopReason.PatienceTrials;

    private void BeginConfirmation(Step step)
    {
        step.Study.Confirmation = ConfirmationPhase.Choosing;
        step.Outcome.Decide(new Decision.ChooseCandidates(Spec.Confirm!.Top, Spec.BaselineNumber));
        if (step.Study.State == StudyState.Stopping)
        {
            Enter(step, StudyState.Running);
        }
    }

    private void Choose(Step step, StudyInput.CandidatesChosen chosen)
    {
        Study study = step.Study;
        if (study.Confirmation != ConfirmationPhase.Choosing)
        {
            return;
        }

        step.Outcome.Applied = true;
        ImmutableArray<long> seeds = ConfirmationSeeds.Of(Spec.Seed, Spec.Confirm!.Seeds);
        study.Confirmation = ConfirmationPhase.Running;
        study.AddConfirmations(chosen.Numbers.Count * seeds.Length);
        step.Outcome.Decide(new Decision.RunAgain(chosen.Numbers, study.Created, seeds));
    }

    private void Rank(Step step, StudyInput.CandidatesRead read)
    {
        Study study = step.Study;
        if (study.Confirmation != ConfirmationPhase.Ranking)
        {
            return;
        }

        step.Outcome.Applied = true;
        study.Confirmation = ConfirmationPhase.Done;
        ImmutableArray<ConfirmedCandidate> ranked = ConfirmationRanking.Rank(
            [.. read.Runs.GroupBy(r => r.Confirms).Select(c => new ConfirmationCandidate(c.Key, [.. c.Select(r => new ConfirmationRun(r.Seed, r.Value))]))],
            Spec.Objective,
            read.Runs.Select(r => r.ValidationExamples).FirstOrDefault(n => n is not null));
        study.Confirmed = JsonSerializer.Serialize(ranked, StoredJson);
        if (ranked.FirstOrDefault(c => c.Number >= 0 && c.ExportedSeed is not null) is { } winner)
        {
            study.BestNumber = winner.Number;
            study.ModelNumber = Exported(read.Runs, winner);
        }

        if (ranked.FirstOrDefault(c => c.Number == Spec.BaselineNumber && c.ExportedSeed is not null) is { } baseline)
        {
            study.BaselineModelNumber = Exported(read.Runs, baseline);
        }
    }

    private static int Exported(IEnumerable<CandidateRun> runs, ConfirmedCandidate candidate) =>
        runs.First(r => r.Confirms == candidate.Number && r.Seed == candidate.ExportedSeed).Number;
}
