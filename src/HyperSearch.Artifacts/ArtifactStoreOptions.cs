using System.ComponentModel.DataAnnotations;

namespace HyperSearch.Artifacts;

/// <summary>Where artifacts are kept; the same for the API and all workers.</summary>
public sealed class ArtifactStoreOptions : IValidatableObject
{
    public const string SectionName = "Artifacts";

    public ArtifactStoreKind Store { get; set; } = ArtifactStoreKind.Folder;

    /// <summary>The folder of the store <c>folder</c>; shared by the API and all workers.</summary>
    public string Folder { get; set; } = "";

    /// <summary>The bucket of the store <c>s3</c>.</summary>
    public S3StoreOptions S3 { get; set; } = new();

    /// <summary>The store that the settings name.</summary>
    public IArtifactStore Open(TimeProvider time) => Store switch
    {
        ArtifactStoreKind.Folder => new FolderArtifactStore(this),
        ArtifactStoreKind.S3 => new S3ArtifactStore(S3, time),
        _ => throw new InvalidOperationException($"Unknown artifact store {Store}."),
    };

    /// <summary>Only the settings of the chosen store count, but a bucket beside the store <c>folder</c> is a switch half made.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Store == ArtifactStoreKind.S3)
        {
            foreach (ValidationResult problem in S3.Problems())
            {
                yield return new($"{SectionName}:S3: {problem.ErrorMessage}", problem.MemberNames);
            }

            yield break;
        }

        if (S3.Bucket.Length > 0)
        {
            yield return new($"{SectionName}:S3:{nameof(S3.Bucket)} is set, but {SectionName}:{nameof(Store)} is '{Store}'.", [nameof(Store)]);
        }

        if (string.IsNullOrWhiteSpace(Folder))
        {
            yield return new($"{SectionName}:{nameof(Folder)} is required.", [nameof(Folder)]);
        }
    }
}
