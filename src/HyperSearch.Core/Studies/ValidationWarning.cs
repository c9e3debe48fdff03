namespace HyperSearch.Core.Studies;

/// <summary>Something valid that is worth a second look.</summary>
/// <param name="Code">One of <see cref="WarningCode"/>.</param>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901).</param>
/// <param name="Detail">What will happen and how to avoid it, for people.</param>
public sealed record ValidationWarning(string Code, string Pointer, string Detail);
