using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace HyperSearch.Servers;

/// <summary>
/// The servers of this run, once per process: what the environment names (<c>tests/run</c> sets it), else a container,
/// else none, with the reason for the tests that must then be skipped.
/// </summary>
internal static class TestServers
{
    // Pinned to what docker-compose.yml runs.
    private const string PostgresImage = "postgres:17.6-bookworm";
    private const string RabbitMqImage = "rabbitmq:4.1.4";

    private static readonly Lazy<Task<PostgresServer>> postgres = new(FindPostgresAsync);
    private static readonly Lazy<Task<RabbitMqServer>> rabbitMq = new(FindRabbitMqAsync);

    public static Task<PostgresServer> PostgresAsync() => postgres.Value;

    public static Task<RabbitMqServer> RabbitMqAsync() => rabbitMq.Value;

    private static async Task<PostgresServer> FindPostgresAsync()
    {
        if (Variable("HYPERSEARCH_TEST_POSTGRES") is { } connection)
        {
            return new PostgresServer(connection, ServerCommand.From("HYPERSEARCH_TEST_POSTGRES_CONTROL"), SkipReason: null);
        }

        if (!HasContainerEngine)
        {
            return new PostgresServer("", Control: null, "no PostgreSQL: no HYPERSEARCH_TEST_POSTGRES (tests/run sets it), no container engine");
        }

        PostgreSqlContainer container = new PostgreSqlBuilder(PostgresImage).Build();
        await container.StartAsync();
        return new PostgresServer(container.GetConnectionString(), Control: null, SkipReason: null);
    }

    private static async Task<RabbitMqServer> FindRabbitMqAsync()
    {
        if (Variable("HYPERSEARCH_TEST_RABBITMQ") is { } uri)
        {
            ServerCommand? ctl = ServerCommand.From("HYPERSEARCH_TEST_RABBITMQCTL");
            string? reason = ctl is null ? "no RabbitMQ: HYPERSEARCH_TEST_RABBITMQCTL, the rabbitmqctl that makes virtual hosts, is not set" : null;
            return new RabbitMqServer(new Uri(uri), ctl, ServerCommand.From("HYPERSEARCH_TEST_RABBITMQ_CONTROL"), reason);
        }

        if (!HasContainerEngine)
        {
            return new RabbitMqServer(new Uri("amqp://none"), Ctl: null, Control: null, "no RabbitMQ: no HYPERSEARCH_TEST_RABBITMQ (tests/run sets it), no container engine");
        }

        RabbitMqContainer container = new RabbitMqBuilder(RabbitMqImage).Build();
        await container.StartAsync();
        var inContainer = new ServerCommand(async (arguments, cancellationToken) =>
        {
            var result = await container.ExecAsync(["rabbitmqctl", .. arguments], cancellationToken);
            return ((int)(result.ExitCode ?? -1), result.Stdout, result.Stderr);
        });
        return new RabbitMqServer(new Uri(container.GetConnectionString()), inContainer, Control: null, SkipReason: null);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static bool HasContainerEngine =>
        Variable("DOCKER_HOST") is not null || File.Exists("/var/run/docker.sock") || File.Exists(@"\\.\pipe\docker_engine");
}
