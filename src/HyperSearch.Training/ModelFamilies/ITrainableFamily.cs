using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>An architecture that can be fine-tuned: what Core's descriptor of the same name names.</summary>
internal interface ITrainableFamily
{
    /// <summary>Name of the descriptor in Core, and <c>model_type</c> in config.json.</summary>
    string Name { get; }

    /// <summary>A model with the tensors of a configuration, all zero.</summary>
    /// <param name="config">The configuration, already checked.</param>
    /// <param name="blocks">Number of blocks without the head.</param>
    /// <param name="device">Where its tensors live.</param>
    TrainableModel Create(ModelConfig config, int blocks, torch.Device device);

    /// <summary>The configuration of a model from scratch.</summary>
    /// <param name="channels">Channels of the images.</param>
    /// <param name="imageSize">Their height and width.</param>
    /// <param name="blocks">Number of blocks without the head.</param>
    ModelConfig FromScratch(int channels, int imageSize, int blocks);

    /// <summary>Whether a tensor of a weights file that the model does not have is ignored on purpose.</summary>
    bool Ignores(string tensorName);
}
