using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Api.Http;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

/// <summary>A valid study that is not stored yet.</summary>
internal sealed record NewStudy(string Id, StudyRules Rules, StudyDocument Document)
{
    public static NewStudy Create(string id, StudySpec spec, string request, ImmutableArray<ValidationWarning> warnings)
    {
        PlanResponse plan = PlanView.Of(StudyPlan.Create(spec, warnings));
        StudyDocument document = new()
        {
            StudyId = id,
            Spec = request,
            Resolved = StudySpecJson.To(spec).ToJsonString(),
            Plan = JsonSerializer.Serialize(plan, ApiJson.Written.PlanResponse),
            Pool = spec.Pool,
            Priority = spec.Priority,
            Labels = LabelText.Of(spec.Labels),
            MaxDurationS = spec.MaxDurationS,
        };
        return new NewStudy(id, new StudyRules(spec), document);
    }
}
