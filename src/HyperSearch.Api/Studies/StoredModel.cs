using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Artifacts;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Studies;

/// <summary>The winner of a study and its exported model in the artifact store.</summary>
/// <param name="Study">The study.</param>
/// <param name="Spec">What it searches.</param>
/// <param name="Trial">Its winner.</param>
/// <param name="Checkpoint">Key of the winner's checkpoint.</param>
/// <param name="Files">Files of the exported model.</param>
internal sealed record StoredModel(Study Study, StudySpec Spec, Trial Trial, string Checkpoint, IReadOnlyList<ArtifactFile> Files)
{
    /// <summary>The folder of the files.</summary>
    public string Key => ArtifactKeys.BestModel(Checkpoint);

    /// <summary>Looks the winner up; else the problem that says why there is none.</summary>
    public static async Task<(StoredModel? Model, Problem? Problem)> FindAsync(
        string id, SearchDbs dbs, StudyAnswers answers, IArtifactStore store, CancellationToken cancellationToken)
    {
        await using SearchDb db = dbs.Read();
        if (await StudyTag.FindAsync(db, id, cancellationToken) is not { } tag
            || await db.Studies.SingleOrDefaultAsync(s => s.Id == tag.Id, cancellationToken) is not { } study
            || await answers.ReadSpecAsync(db, tag.Id, cancellationToken) is not { } spec)
        {
            return (null, Problems.NoStudy(id));
        }

        Trial? best = study.ModelNumber is { } model
            ? await db.Trials.SingleOrDefaultAsync(t => t.StudyId == study.Id && t.Number == model, cancellationToken)
            : await StudyAnswers.BestAsync(db, study, cancellationToken);
        if (best is not { State: TrialState.Completed })
        {
            string why = study.State.IsFinal() ? "The study ended without a completed trial." : "No searched trial is completed yet.";
            return (null, new Problem(409, Slug.NotFinal, "The study has no winner.", why) { State = SnakeCase.Of(study.State) });
        }

        return best.CheckpointKey is { } checkpoint && await FilesAsync(store, ArtifactKeys.BestModel(checkpoint), cancellationToken) is { Count: > 0 } files
            ? (new(study, spec, best, checkpoint, files), null)
            : (null, Problems.NotFound(spec.Dataset is null
                ? "Synthetic trials train no model."
                : $"The model of trial {best.Number} is not in the artifact store: the study kept {spec.KeepTop}."));
    }

    private static async Task<IReadOnlyList<ArtifactFile>> FilesAsync(IArtifactStore store, string key, CancellationToken cancellationToken) =>
        await store.ExistsAsync(key, cancellationToken) ? await store.ListAsync(key, cancellationToken) : [];
}
