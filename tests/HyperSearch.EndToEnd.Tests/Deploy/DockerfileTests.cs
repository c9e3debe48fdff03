using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HyperSearch.EndToEnd.Tests.Deploy;

public sealed class DockerfileTests
{
    private const string Everything = "\0";

    public static TheoryData<string> Names => ["Dockerfile.api", "Dockerfile.worker"];

    [Theory]
    [MemberData(nameof(Names))]
    public void CopiedPaths_Exist(string name)
    {
        string[] ignored = File.ReadAllLines(Path.Combine(Checkout.Root, ".dockerignore"));

        foreach (string path in Dockerfile.Read(name).CopiedBefore(Everything).Where(path => !path.Contains('*', StringComparison.Ordinal)))
        {
            Path.Exists(Path.Combine(Checkout.Root, path)).ShouldBeTrue(path);
            ignored.ShouldNotContain(path);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Restore_HasEveryProjectOfTheClosure(string name)
    {
        Dockerfile file = Dockerfile.Read(name);
        string project = file.ProjectOf("restore");

        Dockerfile.Closure(project).Except(file.CopiedBefore("dotnet restore")).ShouldBeEmpty();
        file.CopiedBefore("dotnet restore").ShouldContain("Directory.Packages.props");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Publish_HasTheSourcesOfTheClosureAndNoOther(string name)
    {
        Dockerfile file = Dockerfile.Read(name);
        string project = file.ProjectOf("publish");
        string[] folders = [.. file.CopiedBefore("dotnet publish").Where(path => path.EndsWith('/'))];

        project.ShouldBe(file.ProjectOf("restore"));
        folders.ShouldBe(Dockerfile.Closure(project).Select(path => Path.GetDirectoryName(path) + "/"), ignoreOrder: true);
        file.Values("ENTRYPOINT").Single().ShouldContain(Path.GetFileNameWithoutExtension(project) + ".dll");
    }

    [Fact]
    public void Worker_IsRestoredAndPublishedForTheDeviceThatIsAskedFor()
    {
        Dockerfile file = Dockerfile.Read("Dockerfile.worker");

        file.Values("ARG").ShouldBe(["TORCH_DEVICE=cpu"]);
        foreach (string verb in new[] { "dotnet restore", "dotnet publish" })
        {
            file.Values("RUN").Single(line => line.StartsWith(verb, StringComparison.Ordinal)).ShouldContain(" -p:TorchDevice=$TORCH_DEVICE");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Image_IsPinnedAndRunsWithoutRoot(string name)
    {
        Dockerfile file = Dockerfile.Read(name);

        file.Values("FROM").ShouldAllBe(image => Regex.IsMatch(image, @":\d+\.\d+\.\d+-noble( AS \w+)?$"));
        file.Instructions.SkipWhile(i => i.Keyword != "USER").Select(i => i.Keyword).ShouldNotContain("FROM");
        file.Values("USER").Last().ShouldNotBeOneOf("root", "0");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Environment_IsRead(string name) =>
        Dockerfile.Read(name).EnvironmentNames().Where(variable => !Settings.AreRead(variable)).ShouldBeEmpty();

    [Fact]
    public void Worker_PublishesTheNativePackages()
    {
        XElement[] native = [.. XDocument.Load(Path.Combine(Checkout.Root, "Directory.Build.targets")).Descendants("PackageReference")
            .Where(item => item.Attribute("PrivateAssets")?.Value == "all")];

        native.Length.ShouldBe(3);
        native.ShouldAllBe(item => item.Attribute("Publish") != null && item.Attribute("Publish")!.Value == "true");
    }

    [Fact]
    public void Api_HasNoTensorsInItsClosure() =>
        Dockerfile.Closure(Dockerfile.Read("Dockerfile.api").ProjectOf("publish"))
            .SelectMany(project => XDocument.Load(Path.Combine(Checkout.Root, project)).Descendants())
            .Where(element => element.Name.LocalName == "UsesTorch" || element.Attribute("Include")?.Value.Contains("orch", StringComparison.Ordinal) == true)
            .ShouldBeEmpty();
}
