using System.Text.Json;

namespace HyperSearch.Worker.Synthetic;

/// <summary>All that a synthetic trial has to keep.</summary>
internal sealed record SyntheticCheckpoint(int Epoch, long Seed)
{
    private const string FileName = "synthetic.json";

    /// <summary>Writes it below the root and gives the folder.</summary>
    public string Write(string root)
    {
        string folder = Path.Combine(root, FormattableString.Invariant($"{Epoch}"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), FormattableString.Invariant($"{{\"epoch\":{Epoch},\"seed\":{Seed}}}\n"));
        return folder;
    }

    /// <exception cref="InvalidDataException">The folder holds no synthetic checkpoint.</exception>
    public static SyntheticCheckpoint Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(file));
            return new(json.RootElement.GetProperty("epoch").GetInt32(), json.RootElement.GetProperty("seed").GetInt64());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException)
        {
            throw new InvalidDataException($"{file} is not a synthetic checkpoint: {exception.Message}", exception);
        }
    }
}
