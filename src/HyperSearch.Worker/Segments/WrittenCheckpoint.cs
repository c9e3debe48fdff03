namespace HyperSearch.Worker.Segments;

/// <summary>A whole checkpoint in a local folder, not yet durable.</summary>
internal sealed record WrittenCheckpoint(int Epoch, string Folder);
