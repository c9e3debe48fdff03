namespace HyperSearch.Servers;

/// <summary>A class fixture: one new, empty virtual host, deleted at the end.</summary>
public sealed class RabbitMqVhost : IAsyncLifetime
{
    private RabbitMqServer? server;

    public string Name { get; } = "hypersearch-" + Guid.NewGuid().ToString("N");

    /// <summary>The amqp URI of the virtual host. Skips the test that asks when there is no broker.</summary>
    public Uri Uri => Server.VhostUri(Name);

    internal RabbitMqServer Server
    {
        get
        {
            Assert.SkipWhen(server?.SkipReason is not null, server?.SkipReason ?? "");
            return server!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        server = await TestServers.RabbitMqAsync();
        if (server.SkipReason is null)
        {
            await server.AddVhostAsync(Name, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is { SkipReason: null })
        {
            await server.DeleteVhostAsync(Name, CancellationToken.None);
        }
    }
}
