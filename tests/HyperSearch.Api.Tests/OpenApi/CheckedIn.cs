using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HyperSearch.Api.Tests.OpenApi;

/// <summary>Files of the checkout that tests compare with what the API says. HYPERSEARCH_UPDATE=1 writes them anew instead.</summary>
internal static class CheckedIn
{
    private static readonly JsonSerializerOptions json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool Updates { get; } = Environment.GetEnvironmentVariable("HYPERSEARCH_UPDATE") == "1";

    public static string ApiFolder { get; } = Path.Combine(Root(), "src", "HyperSearch.Api");

    public static string ExampleFolder { get; } = Path.Combine(ApiFolder, "OpenApi", "Examples");

    public static void Write(string path, JsonNode content) => File.WriteAllText(path, content.ToJsonString(json).ReplaceLineEndings("\n") + "\n");

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HyperSearch.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside a checkout.");
        }

        return folder.FullName;
    }
}
