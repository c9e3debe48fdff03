using HyperSearch.Training.Datasets;
using HyperSearch.Training.ModelFamilies;
using HyperSearch.Training.ModelFamilies.Convnet;
using TorchSharp;

namespace HyperSearch.Training.Tests.Datasets;

public sealed class BatchLoaderTests : IDisposable
{
    private const int Examples = 37;
    private static readonly ModelConfig Config = new ConvnetConfig
    {
        HiddenSizes = [2],
        Labels = ["a", "b"],
        Images = new() { Channels = 3, Size = 30, Mean = [0.1, 0.2, 0.3], Std = [0.4, 0.5, 0.6] },
    };

    private readonly torch.Tensor _images = Random([Examples, 3, 30, 30]);
    private readonly torch.Tensor _labels = torch.arange(Examples).remainder(2).DetachFromDisposeScope();
    private readonly Batches _batches = new(Config, torch.CPU);

    private ExampleSplit Split => ExampleSplit.All(_images, _labels, Training.Datasets.Split.Train);

    [Theory]
    [InlineData(8, 8, false)]
    [InlineData(8, 3, false)]
    [InlineData(8, 3, true)]
    [InlineData(40, 40, true)]
    [InlineData(1, 1, true)]
    public void Next_EveryPiece_IsBitForBitWhatTheCallerWouldHaveMade(int batch, int micro, bool augmented)
    {
        long[] order = Split.CopyIndices();
        new SeededGenerator(4).Shuffle<long>(order);
        BatchPiece[] pieces = BatchPiece.OfEpoch(Examples, (Examples + batch - 1) / batch, batch, micro);
        LightAugmentation? ahead = augmented ? new(7, 3, mirrors: true) : null, here = augmented ? new(7, 3, mirrors: true) : null;
        using BatchLoader loader = new(_batches, Split, order, pieces, ahead, TimeProvider.System);
        int seen = 0;
        foreach (BatchPiece piece in pieces)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using Batch made = loader.Next();
            (torch.Tensor inputs, _, _, torch.Tensor labels) = made;
            torch.Tensor rows = torch.tensor(order[piece.From..piece.To]);
            torch.Tensor expected = _batches.Inputs(Split, rows, here);

            inputs.bytes.SequenceEqual(expected.bytes).ShouldBeTrue();
            labels.data<long>().ToArray().ShouldBe(order[piece.From..piece.To].Select(i => i % 2));
            seen += piece.To - piece.From;
        }

        seen.ShouldBe(Examples);
        loader.Waited.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(10, 3, 4, 4, new[] { 0, 4, 4, 8, 8, 10 })]
    [InlineData(9, 2, 4, 4, new[] { 0, 4, 4, 9 })] // A single last example joined the batch before.
    [InlineData(10, 2, 5, 2, new[] { 0, 2, 2, 5, 5, 7, 7, 10 })] // And a single one of a batch the piece before.
    [InlineData(3, 3, 1, 1, new[] { 0, 1, 1, 2, 2, 3 })]
    public void OfEpoch_Pieces_CoverEveryExampleOnce(int count, int steps, int batch, int micro, int[] bounds)
    {
        BatchPiece[] pieces = BatchPiece.OfEpoch(count, steps, batch, micro);

        pieces.SelectMany(p => new[] { p.From, p.To }).ShouldBe(bounds);
        pieces.Count(p => p.EndsStep).ShouldBe(steps);
    }

    [Fact]
    public void Next_BatchThatCannotBeMade_Throws()
    {
        BatchPiece[] pieces = BatchPiece.Every(4, 2);
        using BatchLoader loader = new(_batches, Split, [0, 1, 2, 1000], pieces, null, TimeProvider.System);

        using Batch first = loader.Next();
        first.Labels.shape.ShouldBe([2]);
        Should.Throw<System.Runtime.InteropServices.ExternalException>(() => loader.Next()).Message.ShouldContain("out of range");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Dispose_BeforeTheEnd_LeavesNoTensorAlive(int taken)
    {
        long before = LiveTensors.Settle();
        using (BatchLoader loader = new(_batches, Split, Split.CopyIndices(), BatchPiece.Every(Examples, 4), null, TimeProvider.System))
        {
            for (int i = 0; i < taken; i++)
            {
                loader.Next().Dispose();
            }
        }

        torch.Tensor.TotalCount.ShouldBe(before);
    }

    [Fact]
    public void Apply_Light_ShiftsByAFourteenthAndMirrorsOnlyWhereAllowed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor ramp = torch.arange(30).to(torch.ScalarType.Byte).view(1, 1, 1, 30).expand(200, 3, 30, 30).contiguous();

        int Mirrored(bool mirrors) => Enumerable.Range(0, 200).Count(i => new LightAugmentation(1, 0, mirrors).Apply(ramp)[i, 0, 0, 29].item<byte>() < 15);
        byte[] firsts = [.. Enumerable.Range(0, 200).Select(i => new LightAugmentation(1, 0, mirrors: false).Apply(ramp)[i, 1, 4, 15].item<byte>())];

        Mirrored(false).ShouldBe(0);
        Mirrored(true).ShouldBeInRange(70, 130);
        firsts.Distinct().Order().ShouldBe(new byte[] { 13, 14, 15, 16, 17 });
        new LightAugmentation(1, 0, true).Apply(ramp).bytes.SequenceEqual(new LightAugmentation(1, 0, true).Apply(ramp).bytes).ShouldBeTrue();
        new LightAugmentation(1, 0, true).Apply(ramp).bytes.SequenceEqual(new LightAugmentation(1, 1, true).Apply(ramp).bytes).ShouldBeFalse();
    }

    public void Dispose()
    {
        _images.Dispose();
        _labels.Dispose();
        _batches.Dispose();
    }

    private static torch.Tensor Random(long[] shape)
    {
        torch.manual_seed(1);
        return torch.randint(0, 256, shape, torch.ScalarType.Byte).DetachFromDisposeScope();
    }
}
