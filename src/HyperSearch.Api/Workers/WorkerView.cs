using HyperSearch.Api.Http;
using HyperSearch.Contracts;
using HyperSearch.Messaging;

namespace HyperSearch.Api.Workers;

internal static class WorkerView
{
    public static WorkerResponse Of(WorkerRow worker, IReadOnlyList<AttemptReference> held) => new()
    {
        Id = worker.Incarnation.ToString(),
        Host = worker.Host,
        Device = worker.Device,
        DeviceName = worker.DeviceName,
        Pool = worker.Pool,
        Labels = worker.Labels,
        Precisions = worker.Precisions,
        Version = worker.Version,
        State = SnakeCase.Of(worker.State),
        DrainReason = worker.DrainReason,
        Slots = worker.Slots,
        Busy = Busy(worker, held.Count),
        IdleSince = IdleSince(worker, held.Count),
        RegisteredAt = worker.RegisteredAt,
        HeartbeatAt = worker.HeartbeatAt,
        LeaseUntil = worker.LeaseUntil,
        Held = [.. held.Select(a => new HeldSegment { Study = a.StudyId, Number = a.Kind == SegmentKind.Probe ? null : a.Number, Kind = SnakeCase.Of(a.Kind), Attempt = a.Attempt })],
    };

    /// <summary>Slots that are taken: by attempts of the tables, and by others that the worker still lists.</summary>
    public static int Busy(WorkerRow worker, int held) => Math.Min(worker.Slots, held + worker.StraySlots);

    /// <summary>What its last heartbeat found, unless something was assigned since.</summary>
    public static DateTimeOffset? IdleSince(WorkerRow worker, int held) => Busy(worker, held) > 0 ? null : worker.IdleSince;
}
