using MassTransit;

namespace HyperSearch.Api.Coordination;

internal sealed class TrialEventsConsumerDefinition : ConsumerDefinition<TrialEventsConsumer>
{
    public const int Prefetch = 200;

    protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TrialEventsConsumer> consumerConfigurator, IRegistrationContext context) =>
        consumerConfigurator.Options<BatchOptions>(batch => batch
            .SetMessageLimit(100)
            .SetTimeLimit(TimeSpan.FromMilliseconds(20))
            .SetConcurrencyLimit(1));
}
