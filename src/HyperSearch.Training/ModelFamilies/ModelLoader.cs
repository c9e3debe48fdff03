using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>Makes models: from a weights folder for a dataset, from scratch, or exactly as exported.</summary>
internal static class ModelLoader
{
    /// <summary>The model that a trial starts from.</summary>
    /// <param name="family">Its family.</param>
    /// <param name="weightsFolder">Its weights; null from scratch.</param>
    /// <param name="dataset">What it is trained on.</param>
    /// <param name="seed">The training seed.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="life">Told while the weights are hashed; null: nobody waits.</param>
    /// <exception cref="TrainingException">Weights are missing, damaged or of another model; names file and tensor.</exception>
    public static LoadedModel ForTraining(ModelFamily family, string? weightsFolder, LabelledDataset dataset, ulong seed, torch.Device device, SignOfLife? life = null)
    {
        ITrainableFamily trainable = TrainableFamilies.Find(family.Name);
        if (weightsFolder is null)
        {
            TrainableModel fresh = trainable.Create(trainable.FromScratch(dataset, family.Blocks), device);
            fresh.Initialize(0, family.Blocks - 1, Seeds.Derive(seed, SeedPurpose.Weights));
            fresh.Initialize(family.Blocks, family.Blocks, Seeds.Derive(seed, SeedPurpose.Head));
            return new(fresh, null, null, false);
        }

        ModelConfig config = ReadConfig(family, weightsFolder);
        bool sameLabels = config.Labels.AsSpan().SequenceEqual(dataset.Labels.AsSpan());
        TrainableModel model = trainable.Create(Fit(config, dataset), device);
        try
        {
            using WeightsFolder weights = WeightsFolder.Open(weightsFolder);
            int naming = Naming(model.Layout, weights);
            bool headKept = sameLabels && Head(model).All(s => s.LoadedWhenPresent || weights.Has(s.Stored(naming)));
            model.Initialize(family.Blocks, family.Blocks, Seeds.Derive(seed, SeedPurpose.Head));
            Load(trainable, model, weights, naming, headKept);
            return new(model, weights.Hash(life), WeightsFolder.ConfigHash(weightsFolder), headKept);
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
        TrainableModel model = trainable.Create(ReadConfig(family, folder), device);
        try
        {
            using WeightsFolder weights = WeightsFolder.Open(folder);
            Load(trainable, model, weights, Naming(model.Layout, weights), withHead: true);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The configuration of a weights folder.</summary>
    /// <exception cref="TrainingException">It is missing, damaged or of another model; names the file.</exception>
    public static ModelConfig ReadConfig(ModelFamily family, string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new TrainingException(FailureKind.DatasetError, $"The weights folder {folder} does not exist.");
        }

        ConfigFile file = ConfigFile.Read(Path.Combine(folder, ModelConfig.FileName));
        ModelConfig config = TrainableFamilies.Find(family.Name).Read(file);
        return config.Blocks == family.Blocks
            ? config
            : throw file.Fail($"this is a {family.Name} of {config.Blocks} blocks, the study asks for {family.Blocks}; name them in the model as \"blocks\": {config.Blocks}");
    }

    // The dataset may ask for another size than the one that the weights were made with.
    private static ModelConfig Fit(ModelConfig config, LabelledDataset dataset) => config with
    {
        Labels = dataset.Labels,
        Images = config.Images is { } images ? images with { Size = (int)dataset.Train.Inputs.shape[^1] } : null,
    };

    private static IEnumerable<TensorSpec> Head(TrainableModel model) => model.Layout.Specs.Where(s => s.Block == model.Blocks);

    /// <summary>The naming that most tensors of the folder are in.</summary>
    private static int Naming(TensorLayout layout, WeightsFolder weights) =>
        Enumerable.Range(0, 1 + layout.Specs.First().Aliases.Length).MaxBy(n => layout.Specs.Count(s => weights.Has(s.Stored(n))));

    private static void Load(ITrainableFamily trainable, TrainableModel model, WeightsFolder weights, int naming, bool withHead)
    {
        model.Naming = trainable.ExportedNaming(naming);
        HashSet<string> known = [];
        foreach (TensorSpec spec in model.Layout.Specs)
        {
            string name = spec.Stored(naming);
            known.Add(name);
            bool wanted = spec.LoadedWhenPresent ? weights.Has(name) : withHead || spec.Block < model.Blocks;
            if (wanted)
            {
                weights.CopyTo(name, model[spec.Name]);
            }
        }

        if (weights.Names.FirstOrDefault(n => !known.Contains(n) && !trainable.Ignores(n)) is { } stranger)
        {
            throw new TrainingException(FailureKind.DatasetError, $"{weights.FileOf(stranger)}: tensor '{stranger}' belongs to no part of a {trainable.Name}.");
        }
    }
}
