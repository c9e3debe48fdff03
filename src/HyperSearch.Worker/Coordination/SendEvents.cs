using HyperSearch.Messaging;

namespace HyperSearch.Worker.Coordination;

/// <summary>Sends one pack of events; done when the broker has confirmed it.</summary>
internal delegate Task SendEvents(TrialEvents events, CancellationToken cancellationToken);
