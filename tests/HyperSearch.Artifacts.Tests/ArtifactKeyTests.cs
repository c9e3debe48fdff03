namespace HyperSearch.Artifacts.Tests;

public sealed class ArtifactKeyTests
{
    public static TheoryData<string> Hostile =>
    [
        "", "/", "/etc/passwd", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".", "a/./b", "a\\b", "..\\a", "C:/a", "c:a",
        "a\0b", "a\nb", "a.", "a ", " ", ".temporary", ".temporary/x", new string('a', 201), string.Join('/', Enumerable.Repeat("abcdefgh", 200)),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void IsValid_HostileKey_False(string key) => ArtifactKey.IsValid(key).ShouldBeFalse();

    [Theory]
    [InlineData("a")]
    [InlineData("studies/5f0c/trials/12/attempts/3/epoch-9")]
    [InlineData("model.safetensors")]
    [InlineData("..a/a..b/.hidden")]
    [InlineData("with space/ümlaut")]
    public void IsValid_PlainKey_True(string key) => ArtifactKey.IsValid(key).ShouldBeTrue();

    [Fact]
    public void IsValid_Null_False() => ArtifactKey.IsValid(null).ShouldBeFalse();
}
