namespace HyperSearch.Api.Tests;

/// <summary>A class fixture: one API without workers.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    internal TestApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Api = await TestApi.StartAsync();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
