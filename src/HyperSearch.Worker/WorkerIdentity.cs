using System.Reflection;
using HyperSearch.Messaging;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker;

/// <summary>Who this worker process is, in this life of it.</summary>
internal sealed class WorkerIdentity(Guid incarnation, IOptions<WorkerOptions> options, WorkerDevice device, WorkerPrecisions precisions)
{
    private readonly WorkerRegistration _registration = new()
    {
        Host = Environment.MachineName,
        Device = device.Name,
        DeviceName = device.Model,
        Slots = options.Value.Slots,
        Pool = options.Value.Pool,
        Labels = options.Value.Labels,
        Precisions = [],
        Version = typeof(WorkerIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
    };

    public Guid Incarnation { get; } = incarnation;

    public WorkerRegistration Registration => _registration with { Precisions = precisions.Known };
}
