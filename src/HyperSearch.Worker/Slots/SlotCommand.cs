using HyperSearch.Messaging;

namespace HyperSearch.Worker.Slots;

/// <summary>What the parent tells a child: run a job, stop the one with that number, or say what can be trained in.</summary>
internal sealed record SlotCommand
{
    public required long Job { get; init; }

    public SlotJob? Run { get; init; }

    public StopKind? Stop { get; init; }

    public bool? FindPrecisions { get; init; }
}
