namespace HyperSearch.Worker.Segments;

/// <summary>Runs one segment inside a child process.</summary>
internal interface ISegmentRunner
{
    SegmentEnd Run(Segment segment, ISegmentObserver observer, SegmentStops stops);
}
