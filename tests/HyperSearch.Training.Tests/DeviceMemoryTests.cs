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
    public void Bytes_ToolThatKnowsTheProcess_IsWhatItSays() =>
        DeviceMemory.Bytes(Tool("echo \"1, 7\"; echo \"$PPID, 3\""), Long).ShouldBe(3L << 20);

    [Fact]
    public void Bytes_ToolThatFails_IsNull() => DeviceMemory.Bytes(Tool("echo \"$PPID, 3\"; exit 9"), Long).ShouldBeNull();

    [Fact]
    public void Bytes_NoTool_IsNull() => DeviceMemory.Bytes(_folder["nothing"], Long).ShouldBeNull();

    [Fact]
    public void Bytes_ToolThatHangs_IsNullAndTheToolIsGone()
    {
        string pid = _folder["pid"];

        DeviceMemory.Bytes(Tool($"echo $$ > {pid}.new && mv {pid}.new {pid}; exec sleep 600"), TimeSpan.FromSeconds(2)).ShouldBeNull();

        string process = File.ReadAllText(pid).Trim();
        SpinWait.SpinUntil(() => !Directory.Exists($"/proc/{process}"), Long).ShouldBeTrue();
    }

    public void Dispose() => _folder.Dispose();

    private string Tool(string script)
    {
        string path = _folder["nvidia-smi"];
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
