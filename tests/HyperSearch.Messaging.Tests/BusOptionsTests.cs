using Microsoft.Extensions.DependencyInjection;

namespace HyperSearch.Messaging.Tests;

public sealed class BusOptionsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not an address")]
    public void AddSearchBus_RabbitMqWithoutAddress_SaysWhichSetting(string? host)
    {
        InvalidOperationException error = Should.Throw<InvalidOperationException>(() =>
            new ServiceCollection().AddSearchBus(new BusOptions { Transport = "rabbitmq", Host = host }));

        error.Message.ShouldContain("Bus:Host");
    }
}
