using System.Text.Json;

namespace HyperSearch.Core.Studies;

// The probe before the search.
public sealed partial class StudyRules
{
    /// <summary>What the probe of a study came to; null without one, before its end and when it failed.</summary>
    /// <param name="study">The study.</param>
    public static ProbeResult? Probe(Study study) =>
        study.Probe is { } json ? JsonSerializer.Deserialize<ProbeResult>(json, StoredJson) : null;

    /// <summary>Whether a free slot may be offered to the study's segments that train nothing.</summary>
    /// <param name="study">The study.</param>
    public static bool MayStartSegments(Study study) =>
        study is { Scoring: true, State: StudyState.Running or StudyState.Stopping } or { Probing: true, State: StudyState.Queued or StudyState.Running };

    private static void BeginProbe(Step step)
    {
        if (step.Study is not { Probing: true, State: StudyState.Queued } study)
        {
            return;
        }

        step.Outcome.Applied = true;
        study.StartedAt ??= step.Now;
        study.OfferedAt = step.Now;
        Enter(step, StudyState.Running);
    }

    /// <summary>A probe serves the search: it ends when nothing of that starts any more.</summary>
    private static void CancelProbe(Study study)
    {
        study.ProbeMissing = study.Probing ? "The search ended before the probe did." : study.ProbeMissing;
        study.Probing = false;
    }

    private static void EndProbe(Step step, StudyInput.Probed probed)
    {
        Study study = step.Study;
        if (!study.Probing)
        {
            return;
        }

        step.Outcome.Applied = true;
        study.Probing = false;
        if (probed.Scores is not { Depths.Count: > 0 } scores)
        {
            study.ProbeMissing = probed.Missing ?? "The probe gave no scores.";
            return;
        }

        FreezingProposal proposal = FreezingProposal.Of(scores.Depths);
        study.Probe = JsonSerializer.Serialize(new ProbeResult(scores, proposal), StoredJson);
        step.Outcome.Decide(new Decision.ProposeFreezing(proposal));
    }
}
