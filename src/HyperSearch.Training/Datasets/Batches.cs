using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>Turns rows of a split into what a model takes: pixels normalised as its configuration says. No allocation per example.</summary>
internal sealed class Batches : IDisposable
{
    private readonly torch.Device _device;
    private readonly torch.Tensor _scale;
    private readonly torch.Tensor _shift;

    public Batches(ModelConfig config, torch.Device device)
    {
        _device = device;
        ImageInput images = config.Images ?? throw new ArgumentException("The model takes no images.", nameof(config));
        _scale = PerChannel(images, (_, std) => 1 / (255 * std), device);
        _shift = PerChannel(images, (mean, std) => -mean / std, device);
    }

    /// <summary>Normalised images [n, channels, height, width] in float32.</summary>
    /// <param name="split">Where they come from.</param>
    /// <param name="rows">Which, as int64 [n] on the CPU.</param>
    /// <param name="augmentation">Applied to the bytes first; null for none.</param>
    public torch.Tensor Images(ImageSplit split, torch.Tensor rows, LightAugmentation? augmentation = null)
    {
        torch.Tensor bytes = split.Images.index_select(0, rows);
        bytes = augmentation is null ? bytes : augmentation.Apply(bytes);
        return bytes.to(torch.ScalarType.Float32, _device).mul_(_scale).add_(_shift);
    }

    /// <summary>Class indices as int64 [n].</summary>
    public torch.Tensor Labels(ImageSplit split, torch.Tensor rows) => split.Labels.index_select(0, rows).to(_device);

    public void Dispose()
    {
        _scale.Dispose();
        _shift.Dispose();
    }

    private static torch.Tensor PerChannel(ImageInput images, Func<double, double, double> of, torch.Device device)
    {
        float[] values = [.. images.Mean.Zip(images.Std, (mean, std) => (float)of(mean, std))];
        return torch.tensor(values, [1, values.Length, 1, 1], device: device).DetachFromDisposeScope();
    }
}
