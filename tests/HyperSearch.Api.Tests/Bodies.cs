namespace HyperSearch.Api.Tests;

/// <summary>Requests for studies.</summary>
internal static class Bodies
{
    private static int last;

    public static string NewName() => $"study-{Interlocked.Increment(ref last)}-{Guid.NewGuid():N}"[..30];

    /// <summary>A valid synthetic study with other fields after it.</summary>
    public static string Synthetic(string fields = "", string? name = null) =>
        $$"""{"name": "{{name ?? NewName()}}", "model": "synthetic", "seed": 1{{(fields.Length == 0 ? "" : ", " + fields)}}}""";

    public static string Halving(int trials, int maxEpochs, string fields = "", string? name = null) =>
        Synthetic($$"""
            "algorithm": {"name": "successive_halving", "max_epochs": {{maxEpochs}}}, "max_trials": {{trials}}{{(fields.Length == 0 ? "" : ", " + fields)}}
            """, name);
}
