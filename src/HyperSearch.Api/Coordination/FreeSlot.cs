namespace HyperSearch.Api.Coordination;

/// <summary>A slot that can be offered.</summary>
/// <param name="Incarnation">Its worker.</param>
/// <param name="Precisions">What that trains in.</param>
internal sealed record FreeSlot(Guid Incarnation, IReadOnlyList<string> Precisions);
