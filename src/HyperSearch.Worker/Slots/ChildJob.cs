using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Slots;

/// <summary>A job inside the child, with the signals that the reading thread can give it.</summary>
internal sealed record ChildJob(long Number, SlotJob Job, SegmentStops Stops);
