namespace HyperSearch.Messaging.Tests;

public sealed class InMemoryBusTests : SearchBusSuite
{
    protected override BusOptions Create() => new();
}
