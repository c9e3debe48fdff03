using System.Collections.Immutable;
using System.Security.Cryptography;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>Makes models: from a weights folder for a dataset, from scratch, or exactly as exported.</summary>
internal static class ModelLoader
{
    public const string WeightsFile = "model.safetensors";

    /// <summary>The model that a trial starts from.</summary>
    /// <exception cref="TrainingException">Weights are missing, damaged or of another model; names file and tensor.</exception>
    public static LoadedModel ForTraining(ModelFamily family, string? weightsFolder, LabelledDataset dataset, ulong seed, torch.Device device)
    {
        ITrainableFamily trainable = TrainableFamilies.Find(family.Name);
        if (weightsFolder is null)
        {
            TrainableModel fresh = trainable.Create(FromScratch(trainable, family.Blocks, dataset), family.Blocks, device);
            fresh.Initialize(0, family.Blocks - 1, Seeds.Derive(seed, SeedPurpose.Weights));
            fresh.Initialize(family.Blocks, family.Blocks, Seeds.Derive(seed, SeedPurpose.Head));
            return new(fresh, null, false);
        }

        ModelConfig config = ReadConfig(family, weightsFolder);
        CheckImages(config, weightsFolder, dataset.Train);
        bool headKept = config.Labels.AsSpan().SequenceEqual(dataset.Labels.AsSpan());
        TrainableModel model = trainable.Create(config with { Labels = dataset.Labels }, family.Blocks, device);
        try
        {
            string hash = LoadWeights(trainable, model, weightsFolder, headKept);
            if (!headKept)
            {
                model.Initialize(family.Blocks, family.Blocks, Seeds.Derive(seed, SeedPurpose.Head));
            }

            return new(model, hash, headKept);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>A model exactly as its folder has it, head included.</summary>
    public static TrainableModel AsExported(ModelFamily family, string folder, torch.Device device)
    {
        ITrainableFamily trainable = TrainableFamilies.Find(family.Name);
        TrainableModel model = trainable.Create(ReadConfig(family, folder), family.Blocks, device);
        try
        {
            LoadWeights(trainable, model, folder, withHead: true);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Refuses images that the model was not made for.</summary>
    public static void CheckImages(ModelConfig config, string folder, ImageSplit split)
    {
        long[] shape = split.Images.shape;
        if (shape[1] != config.Channels || shape[2] != config.ImageSize || shape[3] != config.ImageSize)
        {
            throw new TrainingException(FailureKind.DatasetError,
                $"{Path.Combine(folder, ModelConfig.FileName)} asks for {config.Channels}x{config.ImageSize}x{config.ImageSize} images, the dataset has {shape[1]}x{shape[2]}x{shape[3]}; this version does not resize.");
        }
    }

    private static ModelConfig ReadConfig(ModelFamily family, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TrainingException(FailureKind.DatasetError, $"The weights folder {folder} does not exist.");
        }

        string path = Path.Combine(folder, ModelConfig.FileName);
        ModelConfig config = ModelConfig.Read(path);
        if (config.ModelType != family.Name || config.HiddenSizes.Length != family.Blocks)
        {
            throw new TrainingException(FailureKind.DatasetError,
                $"{path} describes a {config.ModelType} of {config.HiddenSizes.Length} blocks, the study asks for a {family.Name} of {family.Blocks}.");
        }

        return config;
    }

    private static ModelConfig FromScratch(ITrainableFamily trainable, int blocks, LabelledDataset dataset)
    {
        long[] shape = dataset.Train.Images.shape;
        if (shape[2] != shape[3])
        {
            throw new TrainingException(FailureKind.DatasetError, $"The dataset's images are {shape[2]}x{shape[3]}; this version trains on square ones.");
        }

        (ImmutableArray<double> mean, ImmutableArray<double> std) = PixelStatistics.Of(dataset.Train);
        return trainable.FromScratch((int)shape[1], (int)shape[2], blocks) with { Labels = dataset.Labels, Mean = mean, Std = std };
    }

    private static string LoadWeights(ITrainableFamily trainable, TrainableModel model, string folder, bool withHead)
    {
        string path = FindWeights(folder);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        foreach (TensorSpec spec in model.Layout.Specs.Where(s => withHead || s.Block < model.Blocks))
        {
            file.CopyTo(spec.Name, model[spec.Name]);
        }

        HashSet<string> known = [.. model.Layout.Specs.Select(s => s.Name)];
        if (file.Names.FirstOrDefault(n => !known.Contains(n) && !trainable.Ignores(n)) is { } stranger)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path}: tensor '{stranger}' belongs to no part of a {trainable.Name}.");
        }

        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string FindWeights(string folder)
    {
        string path = Path.Combine(folder, WeightsFile);
        if (File.Exists(path))
        {
            return path;
        }

        if (File.Exists(path + ".index.json"))
        {
            throw new TrainingException(FailureKind.DatasetError, $"{path}.index.json: weights in several files are not read by this version; save them as one {WeightsFile}.");
        }

        string[] pickles = ["*.bin", "*.pt", "*.pth"];
        string? pickle = pickles.SelectMany(p => Directory.EnumerateFiles(folder, p)).Order(StringComparer.Ordinal).FirstOrDefault();
        return pickle ?? throw new TrainingException(FailureKind.DatasetError, $"{path} is missing.");
    }
}
