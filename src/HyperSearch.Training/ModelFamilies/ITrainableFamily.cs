using HyperSearch.Training.Datasets;
using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>An architecture that can be fine-tuned: what Core's descriptor of the same name names.</summary>
internal interface ITrainableFamily
{
    /// <summary>Name of the descriptor in Core.</summary>
    string Name { get; }

    /// <summary>Reads the configuration of a weights folder.</summary>
    /// <param name="file">Its <c>config.json</c>; files beside it may be read too.</param>
    /// <exception cref="TrainingException">Another architecture, or a field is wrong; names file and field.</exception>
    ModelConfig Read(ConfigFile file);

    /// <summary>The configuration of a model from scratch.</summary>
    /// <param name="dataset">What it will be trained on: its examples decide inputs and labels.</param>
    /// <param name="blocks">Number of blocks without the head.</param>
    /// <exception cref="TrainingException">The family has no such model for the dataset.</exception>
    ModelConfig FromScratch(LabelledDataset dataset, int blocks);

    /// <summary>A model with the tensors of a configuration that this family made, all zero.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="device">Where its tensors live.</param>
    TrainableModel Create(ModelConfig config, torch.Device device);

    /// <summary>Whether a tensor of a weights file that the model does not have is ignored on purpose.</summary>
    /// <param name="tensorName">Its name in the file.</param>
    bool Ignores(string tensorName);

    /// <summary>The naming to export in; the one that the weights came in unless the family says otherwise.</summary>
    /// <param name="naming">The naming that the weights came in.</param>
    int ExportedNaming(int naming) => naming;
}
