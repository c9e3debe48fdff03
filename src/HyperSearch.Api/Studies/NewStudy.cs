using System.Text.Json;
using HyperSearch.Api.Http;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

/// <summary>A valid study that is not stored yet.</summary>
internal sealed record NewStudy(string Id, StudyRules Rules, StudyDocument Document, StudyPlan Plan)
{
    public static NewStudy Create(string id, StudySpec spec, string request, StudyPlan plan)
    {
        StudyDocument document = new()
        {
            StudyId = id,
            Spec = request,
            Resolved = StudySpecJson.To(spec).ToJsonString(),
            Plan = JsonSerializer.Serialize(PlanView.Of(plan), ApiJson.Written.PlanResponse),
            Pool = spec.Pool,
            Precision = spec.NeededPrecision,
            Labels = LabelText.Of(spec.Labels),
            Notes = spec.Notes,
            MaxDurationS = spec.MaxDurationS,
        };
        return new NewStudy(id, new StudyRules(spec), document, plan);
    }
}
