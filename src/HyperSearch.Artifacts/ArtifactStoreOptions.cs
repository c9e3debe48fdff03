using System.ComponentModel.DataAnnotations;

namespace HyperSearch.Artifacts;

public sealed class ArtifactStoreOptions
{
    public const string SectionName = "Artifacts";

    /// <summary>Where artifacts are kept; shared by the API and all workers.</summary>
    [Required]
    public string Folder { get; set; } = "";
}
