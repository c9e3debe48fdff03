using System.ComponentModel.DataAnnotations;

namespace HyperSearch.Artifacts.Tests;

public sealed class ArtifactStoreOptionsTests
{
    [Fact]
    public void Validate_FolderOrWholeBucket_IsFine()
    {
        Problems(new() { Folder = "/data" }).ShouldBeEmpty();
        Problems(Bucket(_ => { })).ShouldBeEmpty();
        Problems(Bucket(s3 => (s3.AccessKey, s3.SecretKey, s3.SessionToken) = ("a", "b", "c"))).ShouldBeEmpty();
        Problems(Bucket(s3 => (s3.Region, s3.ServiceUrl, s3.PathStyle) = ("", "http://localhost:9000", true))).ShouldBeEmpty();
    }

    [Fact]
    public void Validate_NothingSet_AsksForTheFolder() => Problems(new()).ShouldHaveSingleItem().ShouldContain("Artifacts:Folder");

    [Fact]
    public void Validate_BucketBesideTheFolder_IsRefused() =>
        Problems(new() { Folder = "/data", S3 = { Bucket = "b" } }).ShouldHaveSingleItem().ShouldContain("Artifacts:Store");

    public static TheoryData<string, Action<S3StoreOptions>> Halves => new()
    {
        { "Bucket", s3 => s3.Bucket = "" },
        { "Region", s3 => s3.Region = "" },
        { "ServiceUrl", s3 => s3.ServiceUrl = "localhost:9000" },
        { "ServiceUrl", s3 => s3.ServiceUrl = "ftp://host" },
        { "SecretKey", s3 => s3.AccessKey = "a" },
        { "AccessKey", s3 => s3.SecretKey = "hidden" },
        { "SessionToken", s3 => s3.SessionToken = "hidden" },
        { "Prefix", s3 => s3.Prefix = "../other" },
        { "Prefix", s3 => s3.Prefix = "/a/" },
        { "TimeoutSeconds", s3 => s3.TimeoutSeconds = 0 },
        { "Retries", s3 => s3.Retries = -1 },
        { "CacheMegabytes", s3 => s3.CacheMegabytes = -1 },
    };

    [Theory]
    [MemberData(nameof(Halves))]
    public void Validate_HalfConfiguredBucket_NamesTheSettingAndNoSecret(string setting, Action<S3StoreOptions> change)
    {
        string problem = Problems(Bucket(change)).ShouldHaveSingleItem();

        problem.ShouldStartWith("Artifacts:S3: ");
        problem.ShouldContain(setting);
        problem.ShouldNotContain("hidden");
    }

    [Fact]
    public void Open_EitherStore_IsTheOneNamed()
    {
        using var folder = new ArtifactStoreOptions { Folder = "data" }.Open(TimeProvider.System) as FolderArtifactStore;
        using var bucket = Bucket(_ => { }).Open(TimeProvider.System) as S3ArtifactStore;

        folder.ShouldNotBeNull();
        bucket.ShouldNotBeNull();
    }

    private static ArtifactStoreOptions Bucket(Action<S3StoreOptions> change)
    {
        ArtifactStoreOptions options = new() { Store = ArtifactStoreKind.S3, S3 = { Bucket = "b", Region = "eu-central-1" } };
        change(options.S3);
        return options;
    }

    private static List<string> Problems(ArtifactStoreOptions options)
    {
        List<ValidationResult> problems = [];
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return [.. problems.Select(p => p.ErrorMessage!)];
    }
}
