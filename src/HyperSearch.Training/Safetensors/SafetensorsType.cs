namespace HyperSearch.Training.Safetensors;

/// <summary>The element types of the format. All take part in the check of the layout; only the float types up to 32 bits are read.</summary>
internal static class SafetensorsType
{
    /// <summary>Bytes per element, or 0 for a type that the format does not have.</summary>
    public static int Size(string type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" => 1,
        "U16" or "I16" or "F16" or "BF16" => 2,
        "U32" or "I32" or "F32" => 4,
        "U64" or "I64" or "F64" or "C64" => 8,
        _ => 0,
    };
}
