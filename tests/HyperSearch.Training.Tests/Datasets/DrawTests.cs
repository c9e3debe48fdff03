using HyperSearch.Training.Datasets;
using TorchSharp;

namespace HyperSearch.Training.Tests.Datasets;

/// <summary>The rule by which a validation split is cut off, over many datasets.</summary>
public sealed class DrawTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 40).Select(i => (ulong)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Share_AnyClasses_IsAPartitionWithTheShareOfEachClass(ulong seed)
    {
        using Case c = new(seed);

        (ExampleSplit kept, ExampleSplit drawn) = StratifiedDraw.Share(c.Split, c.Classes, 0.1, seed);

        c.ShouldPartition(kept, drawn);
        for (int i = 0; i < c.Classes; i++)
        {
            int all = c.Count(c.Split, i), part = c.Count(drawn, i);
            part.ShouldBeInRange(all < 2 ? 0 : Math.Max(1, (int)(0.1 * all)), all < 2 ? 0 : Math.Max(1, (int)(0.1 * all) + 1));
        }

        StratifiedDraw.Share(c.Split, c.Classes, 0.1, seed).Drawn.CopyIndices().ShouldBe(drawn.CopyIndices());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Share_AnyGroups_KeepsThemWholeAndEveryClassInTraining(ulong seed)
    {
        using Case c = new(seed);

        (ExampleSplit kept, ExampleSplit drawn) = GroupedDraw.Share(c.Split, c.Labels, c.Groups, c.Classes, 0.1, seed);

        c.ShouldPartition(kept, drawn);
        kept.Indices.Select(i => c.Groups[i]).Intersect(drawn.Indices.Select(i => c.Groups[i])).ShouldBeEmpty();
        for (int i = 0; i < c.Classes; i++)
        {
            c.Count(kept, i).ShouldBeGreaterThan(c.Count(c.Split, i) == 0 ? -1 : 0);
        }

        GroupedDraw.Share(c.Split, c.Labels, c.Groups, c.Classes, 0.1, seed).Drawn.CopyIndices().ShouldBe(drawn.CopyIndices());
    }

    [Fact]
    public void Share_ManySmallGroups_ComesNearTheShareOfEachClass()
    {
        using Case c = new(7, examples: 5000, groups: 1000, classes: 4);

        ExampleSplit drawn = GroupedDraw.Share(c.Split, c.Labels, c.Groups, 4, 0.1, 7).Drawn;

        for (int i = 0; i < 4; i++)
        {
            (c.Count(drawn, i) / (double)c.Count(c.Split, i)).ShouldBe(0.1, 0.01);
        }
    }

    [Theory]
    [InlineData(new long[] { 0, 0, 0, 1, 1, 2, 2, 2, 2, 2 }, new long[] { 3, 4 })]
    [InlineData(new long[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, new long[0])]
    public void Share_LargeGroups_GivesTheSmallestThatCanBeSpared(long[] groups, long[] expected)
    {
        long[] labels = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
        using torch.Tensor tensor = torch.tensor(labels);

        GroupedDraw.Share(ExampleSplit.All(tensor, tensor, Split.Train), labels, groups, 2, 0.1, 1).Drawn.CopyIndices().ShouldBe(expected);
    }

    [Fact]
    public void Share_AnotherDataset_IsDrawnOtherwise()
    {
        using Case c = new(5, examples: 1000, groups: 300, classes: 3);

        StratifiedDraw.Share(c.Split, 3, 0.1, 1).Drawn.CopyIndices().ShouldNotBe(StratifiedDraw.Share(c.Split, 3, 0.1, 2).Drawn.CopyIndices());
        GroupedDraw.Share(c.Split, c.Labels, c.Groups, 3, 0.1, 1).Drawn.CopyIndices()
            .ShouldNotBe(GroupedDraw.Share(c.Split, c.Labels, c.Groups, 3, 0.1, 2).Drawn.CopyIndices());
    }

    private sealed class Case : IDisposable
    {
        private readonly torch.Tensor _labels;

        public Case(ulong seed, int? examples = null, int? groups = null, int? classes = null)
        {
            SeededGenerator generator = new(seed);
            Classes = classes ?? 2 + generator.Next(6);
            int count = examples ?? 20 + generator.Next(400), groupCount = groups ?? 2 + generator.Next(60);
            Labels = [.. Enumerable.Range(0, count).Select(_ => (long)Math.Min(generator.Next(Classes), generator.Next(Classes)))];
            Groups = [.. Enumerable.Range(0, count).Select(_ => (long)Math.Min(generator.Next(groupCount), generator.Next(groupCount)))];
            _labels = torch.tensor(Labels);
            Split = ExampleSplit.All(_labels, _labels, Training.Datasets.Split.Train);
        }

        public int Classes { get; }

        public long[] Labels { get; }

        public long[] Groups { get; }

        public ExampleSplit Split { get; }

        public int Count(ExampleSplit split, int label) => split.Indices.Count(i => Labels[i] == label);

        public void ShouldPartition(ExampleSplit kept, ExampleSplit drawn)
        {
            kept.Indices.Concat(drawn.Indices).Order().ShouldBe(Split.Indices);
            kept.Indices.ShouldBeInOrder();
            drawn.Indices.ShouldBeInOrder();
        }

        public void Dispose() => _labels.Dispose();
    }
}
