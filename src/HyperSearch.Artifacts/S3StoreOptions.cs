using System.ComponentModel.DataAnnotations;

namespace HyperSearch.Artifacts;

/// <summary>A bucket of S3, or of any server that speaks its protocol, and how to reach it.</summary>
public sealed class S3StoreOptions : IValidatableObject
{
    [Required]
    public string Bucket { get; set; } = "";

    /// <summary>The endpoint of a server that is not Amazon's, as an http or https URL; empty: Amazon's of the region.</summary>
    public string ServiceUrl { get; set; } = "";

    /// <summary>The region that requests are signed for; with a service URL the default is us-east-1.</summary>
    public string Region { get; set; } = "";

    /// <summary>Whether the bucket stands in the path instead of the host name, as most servers but Amazon's want it.</summary>
    public bool PathStyle { get; set; }

    /// <summary>What stands before every key, so that a bucket can be shared; plain parts separated by <c>/</c>.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The access key; without one the environment, the profile or the role of the host gives the credentials.</summary>
    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>Only with temporary credentials.</summary>
    public string SessionToken { get; set; } = "";

    /// <summary>Where copies of stored folders are kept for reading; empty: a folder of the system's temporary folder.</summary>
    public string CacheFolder { get; set; } = "";

    /// <summary>Megabytes of copies that are kept; those of the last minutes stay in any case.</summary>
    [Range(0, 10_000_000)]
    public int CacheMegabytes { get; set; } = 4096;

    /// <summary>Seconds until a request without an answer has failed; a part of 16 MB is one request.</summary>
    [Range(0.1, 3600)]
    public double TimeoutSeconds { get; set; } = 100;

    /// <summary>How often a failed request is repeated, with growing pauses.</summary>
    [Range(0, 20)]
    public int Retries { get; set; } = 4;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ServiceUrl.Length == 0 && Region.Length == 0)
        {
            yield return new($"{nameof(Region)} or {nameof(ServiceUrl)} is required.", [nameof(Region), nameof(ServiceUrl)]);
        }

        if (ServiceUrl.Length > 0 && !(Uri.TryCreate(ServiceUrl, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"))
        {
            yield return new($"{nameof(ServiceUrl)} is no http or https URL.", [nameof(ServiceUrl)]);
        }

        if (AccessKey.Length == 0 != (SecretKey.Length == 0))
        {
            yield return new($"{nameof(AccessKey)} and {nameof(SecretKey)} belong together: set both or none.", [nameof(AccessKey), nameof(SecretKey)]);
        }

        if (SessionToken.Length > 0 && AccessKey.Length == 0)
        {
            yield return new($"{nameof(SessionToken)} needs {nameof(AccessKey)}.", [nameof(SessionToken)]);
        }

        if (Prefix.Length > 0 && !ArtifactKey.IsValid(Prefix))
        {
            yield return new($"{nameof(Prefix)} is not made of plain parts separated by '/'.", [nameof(Prefix)]);
        }
    }

    internal IReadOnlyList<ValidationResult> Problems()
    {
        List<ValidationResult> problems = [];
        Validator.TryValidateObject(this, new ValidationContext(this), problems, validateAllProperties: true);
        return problems;
    }
}
