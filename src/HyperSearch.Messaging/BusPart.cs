using MassTransit;

namespace HyperSearch.Messaging;

/// <summary>What one host (API or worker) contributes to the one bus of its process.</summary>
/// <param name="Register">Registers the consumers.</param>
/// <param name="Endpoints">Its receive endpoints.</param>
public sealed record BusPart(Action<IBusRegistrationConfigurator> Register, IReadOnlyList<BusEndpoint> Endpoints);
