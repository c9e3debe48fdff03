using TorchSharp;

namespace HyperSearch.Training.Datasets;

/// <summary>
/// Shifts each image by up to a fourteenth of its side, edges repeated; mirrors at random where that is allowed: colour
/// images, for mirrored digits and letters are others. Draws follow the order of the examples, so that cutting a batch
/// into micro-batches changes none.
/// </summary>
internal sealed class LightAugmentation(ulong seed, int epoch, bool mirrors)
{
    private SeededGenerator _generator = Seeds.Generator(seed, SeedPurpose.Augmentation, epoch);
    private long[] _draws = [];

    /// <summary>Augmented copies of byte images [n, channels, height, width].</summary>
    public torch.Tensor Apply(torch.Tensor images)
    {
        long n = images.shape[0], channels = images.shape[1], height = images.shape[2], width = images.shape[3];
        Draw((int)n, (int)height / 14, (int)width / 14, mirrors);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor draws = torch.tensor(_draws, [n, 3]);
        torch.Tensor rows = torch.arange(height).add(draws.narrow(1, 0, 1)).clamp_(0, height - 1);
        torch.Tensor columns = torch.arange(width).add(draws.narrow(1, 1, 1)).clamp_(0, width - 1);

        // Column x becomes width - 1 - x where the third draw is 1.
        torch.Tensor mirrored = draws.narrow(1, 2, 1);
        columns = columns + mirrored * (width - 1 - 2 * columns);
        torch.Tensor augmented = images.index(
        [
            torch.arange(n).view(n, 1, 1, 1), torch.arange(channels).view(1, channels, 1, 1),
            rows.view(n, 1, height, 1), columns.view(n, 1, 1, width),
        ]);
        return augmented.MoveToOuterDisposeScope();
    }

    private void Draw(int count, int down, int right, bool mirror)
    {
        if (_draws.Length != 3 * count)
        {
            _draws = new long[3 * count];
        }

        for (int i = 0; i < _draws.Length; i += 3)
        {
            _draws[i] = _generator.Next(2 * down + 1) - down;
            _draws[i + 1] = _generator.Next(2 * right + 1) - right;
            _draws[i + 2] = mirror ? _generator.Next(2) : 0;
        }
    }
}
