using System.Runtime.Versioning;

namespace HyperSearch.Training.Tests;

[SupportedOSPlatform("linux")]
public sealed class DeviceMemoryTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("17, 2048\n18, 512\n", 2048L << 20)]
    [InlineData("17, 2048\n17, 1\n", 2049L << 20)]
    [InlineData("17, [N/A]\n", null)]
    [InlineData("170, 5\n", null)]
    [InlineData("", null)]
    public void Parse_LinesOfProcesses_SumsThoseOfOne(string table, long? bytes) => DeviceMemory.Parse(table, 17).ShouldBe(bytes);

    [Fact]
    public void Peak_ToolThatKnowsTheProcess_IsWhatItSays() =>
        Seen(Tool("echo \"1, 7\"; echo \"$PPID, 3\""), Long).ShouldBe(3L << 20);

    [Fact]
    public void Peak_ToolThatFails_IsNull() => Seen(Tool("echo \"$PPID, 3\"; exit 9"), Long).ShouldBeNull();

    [Fact]
    public void Peak_NoTool_IsNull() => Seen(_folder["nothing"], Long).ShouldBeNull();

    [Fact]
    public void Peak_SeveralLooks_IsTheMost()
    {
        DeviceMemory memory = new(Tool("echo \"$PPID, 5\""), Long);
        memory.Look();
        Tool("echo \"$PPID, 9\"");
        memory.Look();
        Tool("echo \"$PPID, 4\"");
        memory.Look();

        memory.Peak.ShouldBe(9L << 20);
    }

    [Fact]
    public void Look_ToolThatSaidNothing_IsNotAskedAgain()
    {
        DeviceMemory memory = new(Tool("exit 1"), Long);
        memory.Look();
        Tool("echo \"$PPID, 9\"");
        memory.Look();

        memory.Peak.ShouldBeNull();
    }

    [Fact]
    public void Peak_ToolThatHangs_IsNullAndTheToolIsGone()
    {
        string pid = _folder["pid"];

        Seen(Tool($"echo $$ > {pid}.new && mv {pid}.new {pid}; exec sleep 600"), TimeSpan.FromSeconds(2)).ShouldBeNull();

        string process = File.ReadAllText(pid).Trim();
        SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{process}"), Long).ShouldBeTrue();
    }

    public void Dispose() => _folder.Dispose();

    private static long? Seen(string tool, TimeSpan patience)
    {
        DeviceMemory memory = new(tool, patience);
        memory.Look();
        return memory.Peak;
    }

    private string Tool(string script)
    {
        string path = _folder["nvidia-smi"];
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
