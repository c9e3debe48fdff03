using System.Text.Json;
using HyperSearch.Api.Coordination;
using HyperSearch.Api.Http;
using HyperSearch.Core.Studies;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Studies;

/// <summary>Changes a locked study by a merge patch: as a whole, or not at all.</summary>
internal static class StudyPatching
{
    /// <summary>Applies a patch; what is refused changes nothing.</summary>
    /// <param name="study">The study.</param>
    /// <param name="request">The request, for its precondition.</param>
    /// <param name="body">Its body.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Problem?> ApplyAsync(OpenStudy study, HttpRequest request, JsonElement body, CancellationToken cancellationToken)
    {
        StudyTag tag = StudyTag.Of(study.Study);
        if (!tag.IsExpected(request))
        {
            return new Problem(412, Slug.PreconditionFailed, "The study has been changed since.", $"Its tag is {tag.Text}; If-Match names another specification.");
        }

        StudyDocument document = await study.Db.Documents.SingleAsync(d => d.StudyId == tag.Id, cancellationToken);
        PatchValidation validation = PatchValidator.Validate(body, study.Study, document.Notes, LabelText.Read(document.Labels));
        if (validation.Patch is not { } patch)
        {
            return Problems.Invalid(validation.Errors);
        }

        if (Refuse(study, patch) is { } why)
        {
            return Problems.IllegalTransition(SnakeCase.Of(study.Study.State), why);
        }

        if (patch.Changes)
        {
            await study.ApplyAsync(patch.Input);
            document.Notes = patch.Notes;
            document.Labels = LabelText.Of(patch.Labels);
            study.OffersChanged |= patch.Input.ChangesLimits;
        }

        return null;
    }

    private static string? Refuse(OpenStudy study, StudyPatch patch) =>
        study.Study.State.IsFinal() && patch.Input.ChangesLimits ? $"A study that is {SnakeCase.Of(study.Study.State)} takes only notes and labels."
        : patch.Input.MaxTrials is null ? null
        : study.Rules.RaiseClosed(study.Study) is { } why ? $"max_trials cannot be raised. {why}"
        : null;
}
