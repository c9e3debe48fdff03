using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace HyperSearch.EndToEnd.Tests.Deploy;

public sealed class ComposeTests
{
    private static readonly string[] ours = ["migrate", "api", "worker", "worker-gpu"];
    private readonly Dictionary<string, object> compose = Load();

    private Dictionary<object, object> Services => Map(compose["services"]);

    [Fact]
    public void Services_AreTheOnesDescribed() =>
        Services.Keys.ShouldBe(["postgres", "rabbitmq", .. ours], ignoreOrder: true);

    [Fact]
    public void Environment_OfOurServices_IsRead()
    {
        string[] variables = [.. ours.SelectMany(name => Map(Service(name)["environment"]).Keys.Cast<string>()).Distinct()];

        variables.ShouldContain("Bus__Transport");
        variables.Where(variable => !Settings.AreRead(variable)).ShouldBeEmpty();
    }

    [Fact]
    public void Images_ArePinned() =>
        Services.Keys.Cast<string>().Select(name => (string)Service(name)["image"])
            .ShouldAllBe(image => Regex.IsMatch(image, @":\d+\.\d+(\.\d+)?(-\w+)?$"));

    [Fact]
    public void Builds_NameDockerfilesAndArgumentsThatExist()
    {
        foreach (Dictionary<object, object> build in ours.Select(name => Map(Service(name)["build"])))
        {
            Dockerfile file = Dockerfile.Read((string)build["dockerfile"]);
            IEnumerable<string> declared = file.Values("ARG").Select(argument => argument.Split('=')[0]);
            Map(build.GetValueOrDefault("args") ?? new Dictionary<object, object>()).Keys.Cast<string>().Except(declared).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Volumes_AreDeclaredOrExist()
    {
        foreach (string volume in Services.Keys.Cast<string>().Where(name => Service(name).ContainsKey("volumes"))
            .SelectMany(name => ((List<object>)Service(name)["volumes"]).Cast<string>()))
        {
            string source = Regex.Replace(volume, @"\$\{\w+:-([^}]*)\}", "$1").Split(':')[0];
            if (source.StartsWith('.'))
            {
                Path.Exists(Path.Combine(Checkout.Root, source)).ShouldBeTrue(source);
            }
            else
            {
                Map(compose["volumes"]).Keys.ShouldContain(source);
            }
        }
    }

    [Fact]
    public void Dependencies_NameServicesThatCanMeetTheirCondition()
    {
        foreach (string name in Services.Keys.Cast<string>().Where(name => Service(name).ContainsKey("depends_on")))
        {
            foreach ((object other, object condition) in Map(Service(name)["depends_on"]))
            {
                Services.ContainsKey(other).ShouldBeTrue($"{name} depends on {other}");
                if ((string)Map(condition)["condition"] == "service_healthy")
                {
                    Map(Service((string)other)["healthcheck"]).ShouldContainKey("test");
                }
            }
        }
    }

    [Fact]
    public void Variables_OfTheEnvironmentFile_AreDocumented()
    {
        string documentation = File.ReadAllText(Path.Combine(Checkout.Root, "deploy", "README.md"));
        string text = File.ReadAllText(Path.Combine(Checkout.Root, "docker-compose.yml"));

        Regex.Matches(text, @"\$\{(\w+)").Select(match => match.Groups[1].Value).Distinct()
            .Where(variable => !documentation.Contains($"`{variable}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Settings_OfTheOperationsPage_AreRead()
    {
        string documentation = File.ReadAllText(Path.Combine(Checkout.Root, "deploy", "README.md"));

        Regex.Matches(documentation, @"`(\w+?__\w+)`").Select(match => match.Groups[1].Value)
            .Where(variable => !Settings.AreRead(variable)).ShouldBeEmpty();
    }

    private static Dictionary<string, object> Load()
    {
        using var reader = new StreamReader(Path.Combine(Checkout.Root, "docker-compose.yml"));
        return new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(reader)));
    }

    private Dictionary<object, object> Service(string name) => Map(Services[name]);

    private static Dictionary<object, object> Map(object node) => (Dictionary<object, object>)node;
}
