using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>The tensors of a weights folder: <c>model.safetensors</c>, or the shards that <c>model.safetensors.index.json</c> names.</summary>
internal sealed class WeightsFolder : IDisposable
{
    public const string SingleFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    private readonly string _folder;
    private readonly SortedDictionary<string, SafetensorsFile> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsFile> _byTensor = new(StringComparer.Ordinal);

    private WeightsFolder(string folder) => _folder = folder;

    /// <summary>Names of all tensors.</summary>
    public IEnumerable<string> Names => _byTensor.Keys;

    /// <summary>Opens all files and checks their headers.</summary>
    /// <exception cref="TrainingException">Missing, damaged, or another format; names the file and the tensor.</exception>
    public static WeightsFolder Open(string folder)
    {
        WeightsFolder weights = new(folder);
        try
        {
            string single = Path.Combine(folder, SingleFile);
            if (File.Exists(single) || !File.Exists(Path.Combine(folder, IndexFile)))
            {
                weights.Add(File.Exists(single) ? SingleFile : Pickle(folder) ?? SingleFile);
            }
            else
            {
                weights.AddShards();
            }

            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a tensor of that name.</summary>
    public bool Has(string name) => _byTensor.ContainsKey(name);

    /// <summary>The file that a tensor is in.</summary>
    public string FileOf(string name) => Path.Combine(_folder, _shards.First(s => s.Value == _byTensor[name]).Key);

    /// <summary>Copies a tensor into an existing float32 tensor of the same shape, whatever its stored float type.</summary>
    /// <exception cref="TrainingException">No such tensor, another shape, or a type that is not read.</exception>
    public void CopyTo(string name, torch.Tensor target)
    {
        // Whichever shard is asked says by its own name what is missing; of several none is the right one.
        SafetensorsFile file = _byTensor.GetValueOrDefault(name) ?? (_shards.Count == 1 ? _shards.Values.First()
            : throw Fail(IndexFile, $"tensor '{name}' is missing"));
        file.CopyTo(name, target);
    }

    /// <summary>Refuses links out of a folder: what is beside the weights is copied into exported models.</summary>
    /// <param name="folder">The weights folder; null for none.</param>
    /// <param name="roots">Where links may lead besides; null for anywhere.</param>
    /// <param name="life">Says that the work goes on, and listens whether it shall end.</param>
    /// <exception cref="TrainingException">A link leads elsewhere; names it.</exception>
    public static void CheckLinks(string? folder, IReadOnlyList<string>? roots, SignOfLife life)
    {
        if (roots is not null && Directory.Exists(folder))
        {
            DataTree.Files(folder, roots, life);
        }
    }

    /// <summary>sha256 over <c>config.json</c> and <c>preprocessor_config.json</c>: equal weights mean other things with others.</summary>
    public static string ConfigHash(string folder)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in new[] { ModelConfig.FileName, ImageInput.PreprocessorFile })
        {
            string path = Path.Combine(folder, name);
            hash.AppendData(SHA256.HashData(File.Exists(path) ? File.ReadAllBytes(path) : []));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>sha256 of the file; of several, over the names and the contents of all.</summary>
    /// <param name="life">Told of what is read; null: nobody waits.</param>
    public string Hash(SignOfLife? life = null) => _shards.Count == 1 && _shards.ContainsKey(SingleFile)
        ? Convert.ToHexStringLower(FileHash.Of(Path.Combine(_folder, SingleFile), life))
        : FileHash.Of(_folder, _shards.Keys, life);

    public void Dispose()
    {
        foreach (SafetensorsFile shard in _shards.Values)
        {
            shard.Dispose();
        }
    }

    private void Add(string file)
    {
        SafetensorsFile shard = SafetensorsFile.Open(Path.Combine(_folder, file));
        _shards.Add(file, shard);
        foreach (string name in shard.Names)
        {
            if (!_byTensor.TryAdd(name, shard))
            {
                throw Fail(file, $"tensor '{name}' is in another file of {IndexFile} too");
            }
        }
    }

    private void AddShards()
    {
        ConfigFile index = ConfigFile.Read(Path.Combine(_folder, IndexFile));
        JsonObject map = index.Object("weight_map")?.Json ?? throw index.Wrong("weight_map", "there");
        Dictionary<string, string> files = [];
        foreach ((string name, JsonNode? value) in map)
        {
            string? file = value is JsonValue v && v.TryGetValue(out string? text) ? text : null;

            // A name, not a path: nothing outside the folder is opened.
            bool plain = file?.Length > 0 && file == Path.GetFileName(file) && !file.Contains('\\', StringComparison.Ordinal);
            files[name] = plain ? file! : throw index.Fail($"tensor '{name}' must be in a file of this folder");
        }

        foreach (string file in files.Values.Distinct().Order(StringComparer.Ordinal))
        {
            Add(file);
        }

        foreach ((string name, string file) in files)
        {
            if (_byTensor.GetValueOrDefault(name) != _shards[file])
            {
                throw Fail(file, $"tensor '{name}' is missing, which {IndexFile} places there");
            }
        }

        if (_byTensor.Keys.FirstOrDefault(n => !files.ContainsKey(n)) is { } stranger)
        {
            throw index.Fail($"tensor '{stranger}' is in a file, but not in weight_map");
        }
    }

    // Given to the reader, which refuses it and names the way out.
    private static string? Pickle(string folder)
    {
        string[] pickles = ["*.bin", "*.pt", "*.pth"];
        return pickles.SelectMany(p => Directory.EnumerateFiles(folder, p)).Select(Path.GetFileName).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    private TrainingException Fail(string file, string what) => new(FailureKind.DatasetError, $"{Path.Combine(_folder, file)}: {what}.");
}
