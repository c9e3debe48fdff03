using System.Diagnostics;

namespace HyperSearch.Servers;

/// <summary>A command that acts on a server of the tests: a script of <c>tests/run</c>, or rabbitmqctl wherever it runs.</summary>
internal sealed class ServerCommand(Func<string[], CancellationToken, Task<(int ExitCode, string Output, string Error)>> run)
{
    /// <summary>The command prefix that an environment variable holds, such as <c>docker exec broker rabbitmqctl</c>.</summary>
    public static ServerCommand? From(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } prefix
            ? new ServerCommand((arguments, cancellationToken) => RunShellAsync(prefix, arguments, cancellationToken))
            : null;

    public async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        (int exitCode, string output, string error) = await run(arguments, cancellationToken);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {exitCode}: {error}{output}");
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunShellAsync(
        string prefix, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-c", prefix + " \"$@\"", "sh", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
