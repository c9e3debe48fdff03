using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Studies;

/// <summary>A place in a list of studies.</summary>
internal sealed record StudyPosition(DateTimeOffset CreatedAt, string Name, string Id)
{
    public static StudyPosition Of(Study study) => new(study.CreatedAt, study.Name, study.Id);

    /// <summary>The studies behind a place, in an order; ties by id in the same direction.</summary>
    public static IQueryable<Study> Order(IQueryable<Study> studies, string sort, StudyPosition? after)
    {
        (DateTimeOffset at, string name, string id) = after ?? new(default, "", "");
        bool all = after is null;
        return sort switch
        {
            "created_at" => studies.Where(s => all || s.CreatedAt > at || (s.CreatedAt == at && string.Compare(s.Id, id) > 0))
                .OrderBy(s => s.CreatedAt).ThenBy(s => s.Id),
            "-created_at" => studies.Where(s => all || s.CreatedAt < at || (s.CreatedAt == at && string.Compare(s.Id, id) < 0))
                .OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id),
            "name" => studies.Where(s => all || string.Compare(s.Name, name) > 0).OrderBy(s => s.Name),
            "-name" => studies.Where(s => all || string.Compare(s.Name, name) < 0).OrderByDescending(s => s.Name),
            _ => throw new InvalidOperationException($"Unknown order {sort}."),
        };
    }
}
