using System.Collections.Immutable;

namespace HyperSearch.Training.Safetensors;

/// <summary>One tensor of a file: name, element type, shape and its bytes, counted from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, string Type, ImmutableArray<long> Shape, long Begin, long End)
{
    public long Bytes => End - Begin;
}
