namespace HyperSearch.Worker.Segments;

/// <summary>Locations of the catalogue: <c>samples:name</c> lies beside the program, everything else is a path.</summary>
internal static class SampleLocation
{
    private const string Prefix = "samples:";

    public static string Resolve(string location) => location.StartsWith(Prefix, StringComparison.Ordinal)
        ? Path.Combine(AppContext.BaseDirectory, "Samples", location[Prefix.Length..])
        : location;
}
