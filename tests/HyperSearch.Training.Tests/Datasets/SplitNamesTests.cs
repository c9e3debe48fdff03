using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.Tests.Datasets;

public sealed class SplitNamesTests
{
    [Theory]
    [InlineData("train.csv", Split.Train)]
    [InlineData("data/train-00000-of-00002.csv", Split.Train)]
    [InlineData("my_train_file.csv", Split.Train)]
    [InlineData("training.csv", Split.Train)]
    [InlineData("Train/part1.csv", Split.Train)]
    [InlineData("train2020.csv", Split.Train)]
    [InlineData("validation.csv", Split.Validation)]
    [InlineData("valid-1.csv", Split.Validation)]
    [InlineData("val.csv", Split.Validation)]
    [InlineData("dev.csv", Split.Validation)]
    [InlineData("data/validation-00000-of-00001-abcdef.csv", Split.Validation)]
    [InlineData("test.csv", Split.Test)]
    [InlineData("testing/a.csv", Split.Test)]
    [InlineData("eval.csv", Split.Test)]
    [InlineData("train/test.csv", Split.Train)] // The folder first.
    [InlineData("latest.csv", null)]
    [InlineData("contest.csv", null)]
    [InlineData("retrain.csv", null)]
    [InlineData("data.csv", null)]
    [InlineData("README.csv", null)]
    internal void Of_NamesAsOnTheHub_TellTheSplit(string name, Split? expected) => SplitNames.Of(name, null).ShouldBe(expected);

    [Theory]
    [InlineData("few.csv", Split.Train)]
    [InlineData("data/few-00000-of-00001.csv", Split.Train)]
    [InlineData("few/a.csv", Split.Train)]
    [InlineData("train.csv", null)]
    [InlineData("validation.csv", Split.Validation)]
    [InlineData("fewer.csv", null)]
    internal void Of_AnotherSplitToTrainOn_TakesItsPlace(string name, Split? expected) => SplitNames.Of(name, "few").ShouldBe(expected);
}
