using HyperSearch.Api.Persistence;
using Microsoft.Extensions.Options;
using Npgsql;

namespace HyperSearch.Api.Coordination;

/// <summary>On PostgreSQL: wakes this replica's dispatcher when another replica has freed a slot.</summary>
internal sealed partial class OfferListener(IOptions<DatabaseOptions> options, OfferSignal offers, TimeProvider time, ILogger<OfferListener> logger) : BackgroundService
{
    /// <summary>Name of the channel.</summary>
    public const string Channel = "hypersearch_offers";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.IsPostgres && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogBroken(logger, error);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        NpgsqlConnectionStringBuilder own = new(options.Value.ConnectionString) { Pooling = false, KeepAlive = 10 };
        await using NpgsqlConnection connection = new(own.ConnectionString);
        await connection.OpenAsync(stoppingToken);
        connection.Notification += (_, _) => offers.Set();
        await using (NpgsqlCommand listen = new($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        while (true)
        {
            await connection.WaitAsync(stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Not listening for other replicas' offers for now; the safety net looks instead")]
    private static partial void LogBroken(ILogger logger, Exception error);
}
