using System.ComponentModel.DataAnnotations;

namespace HyperSearch.Api.Studies;

/// <summary>How studies are accepted.</summary>
public sealed class StudyOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Studies";

    /// <summary>Seconds that a creation waits for an equal one in flight; default 5.</summary>
    [Range(0.01, 60)]
    public double KeyWaitSeconds { get; set; } = 5;
}
