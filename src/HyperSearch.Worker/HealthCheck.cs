using Microsoft.Extensions.Configuration;

namespace HyperSearch.Worker;

/// <summary>The container's health check: whether the API has answered a heartbeat of late.</summary>
internal static class HealthCheck
{
    public const string Verb = "health";
    private const int Heartbeats = 12;

    /// <summary>0 when it has, else 1.</summary>
    public static int Run(IConfiguration configuration, TimeProvider time, TextWriter output)
    {
        WorkerOptions options = configuration.GetSection(WorkerOptions.SectionName).Get<WorkerOptions>() ?? new();
        FileInfo alive = new(WorkFolder.AliveFileIn(options.WorkFolder));
        if (!alive.Exists)
        {
            output.WriteLine("no heartbeat has been answered yet");
            return 1;
        }

        TimeSpan age = time.GetUtcNow() - new DateTimeOffset(alive.LastWriteTimeUtc);
        output.WriteLine(FormattableString.Invariant($"the last heartbeat was answered {age.TotalSeconds:0} s ago"));
        return age <= options.Heartbeat * Heartbeats ? 0 : 1;
    }
}
