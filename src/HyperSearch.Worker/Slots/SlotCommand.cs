using HyperSearch.Messaging;

namespace HyperSearch.Worker.Slots;

/// <summary>What the parent tells a child: run a job, or stop the one with that number.</summary>
internal sealed record SlotCommand
{
    public required long Job { get; init; }

    public SlotJob? Run { get; init; }

    public StopKind? Stop { get; init; }
}
