namespace HyperSearch.Core.Studies;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901); empty for the whole document. A missing field is pointed at where it should be.</param>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
/// <param name="Detail">What is wrong and what would be right, for people.</param>
public sealed record ValidationError(string Pointer, string Code, string Detail);
