namespace HyperSearch.Training.Tests.RealData;

/// <summary>What <c>tests/Fetched/fetch</c> brings.</summary>
internal static class FetchedData
{
    /// <summary>The folder of that name; without it the test is skipped.</summary>
    public static string Folder(string name)
    {
        string cache = Environment.GetEnvironmentVariable("HYPERSEARCH_FETCHED")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "hypersearch");
        string folder = Path.Combine(cache, name);
        Assert.SkipUnless(Directory.Exists(folder), $"{name} is not there: tests/Fetched/fetch brings it, or says why it cannot be had");
        return folder;
    }
}
