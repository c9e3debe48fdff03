using HyperSearch.Api.Coordination;
using HyperSearch.Api.Leaderboards;
using HyperSearch.Api.Persistence;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Studies;

/// <summary>Reads studies as they are answered with.</summary>
internal sealed class StudyAnswers(StudyRulesCache rules)
{
    /// <summary>A study with its best trial and its baseline; null when it is gone.</summary>
    public async Task<StoredStudy?> ReadAsync(SearchDb db, string id, CancellationToken cancellationToken)
    {
        if (await db.Studies.SingleOrDefaultAsync(s => s.Id == id, cancellationToken) is not { } study
            || await db.Documents.SingleOrDefaultAsync(d => d.StudyId == id, cancellationToken) is not { } document)
        {
            return null;
        }

        StudySpec spec = (rules.Find(id) ?? rules.Add(document)).Rules.Spec;
        LeaderboardView view = await LeaderboardView.CreateAsync(db, id, spec, cancellationToken);
        Trial? best = await BestAsync(db, study, cancellationToken);
        int defaults = spec.BaselineNumber;
        Trial? baseline = await db.Trials.SingleOrDefaultAsync(t => t.StudyId == id && t.Number == defaults, cancellationToken);
        return new StoredStudy(
            StudyView.Of(study, document, spec, best is null ? null : view.Of(best, 1), baseline is null ? null : view.Of(baseline, null)),
            study.SpecVersion);
    }

    /// <summary>What never changes about a study; null when it is gone.</summary>
    public async Task<StudySpec?> ReadSpecAsync(SearchDb db, string id, CancellationToken cancellationToken)
    {
        if (rules.Find(id) is { } known)
        {
            return known.Rules.Spec;
        }

        return await db.Documents.SingleOrDefaultAsync(d => d.StudyId == id, cancellationToken) is { } document ? rules.Add(document).Rules.Spec : null;
    }

    public StudySpec SpecOf(StudyDocument document) => (rules.Find(document.StudyId) ?? rules.Add(document)).Rules.Spec;

    /// <summary>The first searched row of the leaderboard that has a value. A completed one is known without looking.</summary>
    public static async Task<Trial?> BestAsync(SearchDb db, Study study, CancellationToken cancellationToken)
    {
        IQueryable<Trial> trials = db.Trials.Where(t => t.StudyId == study.Id);
        return study.BestNumber is { } number
            ? await trials.SingleOrDefaultAsync(t => t.Number == number, cancellationToken)
            : await trials.Where(t => t.Number != Trial.BaselineNumber && t.Loss != null).Ranked().FirstOrDefaultAsync(cancellationToken);
    }
}
