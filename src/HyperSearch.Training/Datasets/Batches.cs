using HyperSearch.Training.ModelFamilies;
using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>Turns rows of a split into what a model takes: pixels normalised as its configuration says, or tokens. No allocation per example.</summary>
internal sealed class Batches : IDisposable
{
    private readonly torch.Device _device;
    private readonly torch.Tensor? _scale;
    private readonly torch.Tensor? _shift;

    public Batches(ModelConfig config, torch.Device device)
    {
        _device = device;
        if (config.Images is { } images)
        {
            _scale = PerChannel(images, (_, std) => 1 / (255 * std), device);
            _shift = PerChannel(images, (mean, std) => -mean / std, device);
        }
    }

    /// <summary>A batch of a split.</summary>
    /// <param name="split">Where its examples come from.</param>
    /// <param name="rows">Which, as int64 [n] on the CPU.</param>
    /// <param name="augmentation">Applied to the bytes of images first; null for none.</param>
    public Batch Of(ExampleSplit split, torch.Tensor rows, LightAugmentation? augmentation = null)
    {
        if (split.Features is not { } features)
        {
            torch.Tensor whole = Inputs(split, rows, augmentation);
            return new(whole, 0, whole, Labels(split, rows));
        }

        torch.Tensor stored = On(_device, features.index_select(0, rows));
        return new(stored, split.Block, _scale is null ? Inputs(split, rows) : stored, Labels(split, rows));
    }

    /// <summary>Normalised images [n, channels, height, width] in float32, or tokens [n, 2, length] as int64.</summary>
    /// <param name="split">Where they come from.</param>
    /// <param name="rows">Which, as int64 [n] on the CPU.</param>
    /// <param name="augmentation">Applied to the bytes of images first; null for none.</param>
    public torch.Tensor Inputs(ExampleSplit split, torch.Tensor rows, LightAugmentation? augmentation = null)
    {
        using torch.Tensor stored = split.Inputs.index_select(0, rows);
        if (_scale is null || _shift is null)
        {
            return stored.to(torch.ScalarType.Int64, _device);
        }

        using torch.Tensor bytes = augmentation is null ? stored : augmentation.Apply(stored);
        return bytes.to(torch.ScalarType.Float32, _device).mul_(_scale).add_(_shift);
    }

    /// <summary>Class indices as int64 [n].</summary>
    public torch.Tensor Labels(ExampleSplit split, torch.Tensor rows) => On(_device, split.Labels.index_select(0, rows));

    public void Dispose()
    {
        _scale?.Dispose();
        _shift?.Dispose();
    }

    private static torch.Tensor On(torch.Device device, torch.Tensor made)
    {
        if (made.device_type == device.type)
        {
            return made;
        }

        using (made)
        {
            return made.to(device);
        }
    }

    private static torch.Tensor PerChannel(ImageInput images, Func<double, double, double> of, torch.Device device)
    {
        float[] values = [.. images.Mean.Zip(images.Std, (mean, std) => (float)of(mean, std))];
        return torch.tensor(values, [1, values.Length, 1, 1], device: device).DetachFromDisposeScope();
    }
}
