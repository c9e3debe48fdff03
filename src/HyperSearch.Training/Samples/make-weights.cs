#:project ../HyperSearch.Training.csproj
#:property UsesTorch=true
#:property RuntimeIdentifier=$(HostRuntime)
#:property SelfContained=false
#:property PublishAot=false
#:property RootNamespace=MakeWeights
#:property NoWarn=$(NoWarn);CS1591

// Pretrains the convnet of the samples, from scratch, on what make_dataset.py --pretraining wrote:
//     dotnet run make-weights.cs -- PRETRAINING_FOLDER [OUT_FOLDER]
// The same bytes come out on the same type of processor; elsewhere the last digits may differ.
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training;

string dataset = args[0];
string output = args.Length > 1 ? args[1] : "convnet";
string checkpoints = Directory.CreateTempSubdirectory("make-weights-").FullName;
ParameterSet parameters = ModelFamilyCatalog.Convnet.Defaults
    .With(HyperparameterCatalog.LearningRate, 3e-3)
    .With(HyperparameterCatalog.BatchSize, 64)
    .With(HyperparameterCatalog.Epochs, 8)
    .Normalize();
TrainingResult result = FineTuning.Train(
    new()
    {
        Family = ModelFamilyCatalog.Convnet,
        Dataset = new() { Folder = dataset },
        Parameters = parameters,
        Objective = new Objective { BestEpoch = false },
        Seed = 20170825,
        FromEpoch = 0,
        ToEpoch = parameters.Epochs,
        CheckpointRoot = checkpoints,
        Augmentation = "light",
    },
    new Printer(),
    StopSignals.None);
Directory.CreateDirectory(output);
foreach (string file in new[] { "model.safetensors", "config.json" })
{
    File.Copy(Path.Combine(result.Checkpoint!.Path, "best", file), Path.Combine(output, file), overwrite: true);
}

Directory.Delete(checkpoints, recursive: true);

internal sealed class Printer : ITrainingObserver
{
    public void Started(TrainingFacts facts) => Console.WriteLine(facts);

    public void Reported(EpochReport report) => Console.WriteLine(report);

    public void CheckpointWritten(CheckpointFolder checkpoint) => Console.WriteLine(checkpoint);

    public void BatchFinished()
    {
    }
}
