using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;
using HyperSearch.Worker.Segments;
using HyperSearch.Worker.Slots;

namespace HyperSearch.Worker.Tests;

/// <summary>Studies of the synthetic family and orders of their trials.</summary>
internal static class Studies
{
    public const string Id = "study-1";

    public static ParameterSet Defaults => ModelFamilyCatalog.Synthetic.Defaults;

    public static StudySpec Synthetic(SyntheticOptions? options = null, int patience = 0) => new()
    {
        Name = "synthetic",
        Model = new StudyModel { Name = "synthetic", Family = ModelFamilyCatalog.Synthetic, Synthetic = options ?? new() },
        Algorithm = new StudyAlgorithm { Name = "random", Sampler = "random" },
        Space = new SearchSpace { Domains = ImmutableArray<ParameterDomain>.Empty, Constants = Defaults },
        Trials = 100,
        MaxFailedTrials = 10,
        Seed = 7,
        EarlyStoppingPatience = patience,
    };

    public static RunTrial Order(StudySpec spec, int number, int from = 0, int to = 9, int attempt = 1, string? checkpoint = null, ParameterSet? parameters = null) => new()
    {
        Attempt = new AttemptReference(Id, number, SegmentKind.Train, attempt),
        Spec = StudySpecJson.To(spec).ToJsonString(),
        Parameters = (parameters ?? Defaults).ToJson().ToJsonString(),
        Seed = 11,
        FromEpoch = from,
        ToEpoch = to,
        Checkpoint = checkpoint,
        CheckpointIntervalS = 0,
    };

    public static Segment Segment(StudySpec spec, RunTrial order, string root, string? checkpointFolder = null, ParameterSet? parameters = null) =>
        new(new SlotJob { Trial = order, CheckpointRoot = root, CheckpointFolder = checkpointFolder }, spec, parameters ?? Defaults);
}
