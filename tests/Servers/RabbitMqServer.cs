namespace HyperSearch.Servers;

/// <summary>A RabbitMQ broker that makes virtual hosts for tests and can be stopped; killed only when <c>tests/run</c> started it.</summary>
internal sealed record RabbitMqServer(Uri Uri, ServerCommand? Ctl, ServerCommand? Control, string? SkipReason)
{
    public Uri VhostUri(string vhost) => new UriBuilder(Uri) { Path = "/" + Uri.EscapeDataString(vhost) }.Uri;

    public async Task AddVhostAsync(string vhost, CancellationToken cancellationToken)
    {
        await CtlAsync(["-q", "add_vhost", vhost], cancellationToken);
        string user = Uri.UnescapeDataString(Uri.UserInfo.Split(':')[0]);
        await CtlAsync(["-q", "set_permissions", "-p", vhost, user, ".*", ".*", ".*"], cancellationToken);
    }

    public Task DeleteVhostAsync(string vhost, CancellationToken cancellationToken) =>
        CtlAsync(["-q", "delete_vhost", vhost], cancellationToken);

    /// <summary>Runs rabbitmqctl; in a test also to look at queues and connections.</summary>
    public Task<string> CtlAsync(string[] arguments, CancellationToken cancellationToken)
    {
        Assert.SkipWhen(Ctl is null, SkipReason ?? "no rabbitmqctl");
        return Ctl.RunAsync(arguments, cancellationToken);
    }

    /// <summary>Stops the broker within about a second; connections end, new ones are refused.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Control is null ? CtlAsync(["-q", "stop_app"], cancellationToken) : Control.RunAsync(["stop"], cancellationToken);

    /// <summary>Ends the broker's node at once.</summary>
    public Task KillAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(Control is null, SkipReason ?? "this RabbitMQ cannot be killed: HYPERSEARCH_TEST_RABBITMQ_CONTROL is not set");
        return Control.RunAsync(["kill"], cancellationToken);
    }

    /// <summary>Starts the broker again and waits until it accepts connections.</summary>
    public Task StartAsync(CancellationToken cancellationToken) =>
        Control is null ? CtlAsync(["-q", "start_app"], cancellationToken) : Control.RunAsync(["start"], cancellationToken);
}
