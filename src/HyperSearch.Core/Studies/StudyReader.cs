using System.Globalization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>Reads a whole request, all fields even where some are wrong, and sizes the study.</summary>
internal static class StudyReader
{
    private const int DefaultTrials = 20;

    /// <summary>The study; null when something was reported that it cannot be built without.</summary>
    public static StudySpec? Read(RequestObject study, Catalog catalog, long drawnSeed)
    {
        string? name = StudyFields.Name(study);
        StudyModel? model = ModelReader.Read(study, catalog);
        StudyDataset? dataset = DatasetReader.Read(study, model, catalog);
        Objective objective = ObjectiveReader.Read(study, model, dataset);
        AlgorithmRequest? algorithm = AlgorithmReader.Read(study);
        int? trials = ReadTrials(study, algorithm);
        (StudyAlgorithm? resolved, SearchSpace? space) = ReadSpace(study, model, algorithm, trials);
        Func<StudySpec, StudySpec>[] fields =
        [
            StudyFields.Budgets(study),
            StudyFields.Training(study, algorithm?.IsMultiFidelity ?? false),
            StudyFields.Running(study, model, algorithm?.Name == SamplerCatalog.OneAtATime),
            StudyFields.Texts(study),
        ];
        long seed = StudyFields.Seed(study, drawnSeed);
        if (study.Findings.HasErrors || name is null || model is null || algorithm is null || resolved is null || space is null)
        {
            return null;
        }

        StudySpec spec = Size(name, model, resolved, space, trials, seed) with { Dataset = dataset, Objective = objective };
        spec = fields.Aggregate(spec, (s, field) => field(s));
        CheckBudget(study, spec);
        StudyWarnings.Add(study, spec, algorithm.MinEpochsPointer);
        return spec;
    }

    private static void CheckBudget(RequestObject study, StudySpec spec)
    {
        int first = spec.Baseline ? spec.Space.Constants.Epochs : new PlannedEpochs(spec, spec.Trials).Shortest;
        if (spec.MaxEpochsTotal < first)
        {
            study.Findings.Error(study.Pointer("max_epochs_total"), ErrorCode.OutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"Nothing could start: {(spec.Baseline ? "the baseline comes first and" : "the first segment")} takes {first} epochs, more than {spec.MaxEpochsTotal}."));
        }
    }

    private static int? ReadTrials(RequestObject study, AlgorithmRequest? algorithm)
    {
        if (algorithm is not { Name: AlgorithmCatalog.Hyperband } || !study.Has("max_trials"))
        {
            return study.Int("max_trials", 1, StudyFields.MostTrials);
        }

        study.Findings.Error(study.Pointer("max_trials"), ErrorCode.NotAccepted, "hyperband takes no max_trials; min_epochs, max_epochs and reduction_factor decide it.");
        return null;
    }

    private static (StudyAlgorithm? Algorithm, SearchSpace? Space) ReadSpace(RequestObject study, StudyModel? model, AlgorithmRequest? algorithm, int? trials)
    {
        SpaceRequest space = SpaceReader.Read(study, model?.Family, algorithm?.IsMultiFidelity ?? false);
        if (algorithm is null)
        {
            return default;
        }

        bool countable = SpaceRules.Check(study, space, algorithm);
        if (model is null)
        {
            return default;
        }

        int epochs = SpaceRules.ResolveEpochs(study, space, algorithm, model.Family);
        SearchSpace over = space.Over(model.Family.Defaults.With(HyperparameterCatalog.Epochs, epochs));
        if (countable && algorithm.Name == SamplerCatalog.OneAtATime && trials is { } asked)
        {
            CheckTrials(study, over, asked);
        }

        return (algorithm.Resolve(epochs), over);
    }

    private static void CheckTrials(RequestObject study, SearchSpace space, int asked)
    {
        if (SamplerCatalog.DistinctConfigurations(space, SamplerCatalog.OneAtATime) is { } all && all > asked)
        {
            study.Findings.Error(study.Pointer("max_trials"), ErrorCode.OutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"one_at_a_time has {all} configurations and tries all of them: leave max_trials out, or give at least {all}, not {asked}."));
        }
    }

    private static StudySpec Size(string name, StudyModel model, StudyAlgorithm algorithm, SearchSpace space, int? asked, long seed)
    {
        long? distinct = SamplerCatalog.DistinctConfigurations(space, algorithm.Sampler);
        int wanted = asked ?? Wanted(algorithm, distinct);
        int trials = (int)Math.Min(wanted, distinct ?? long.MaxValue);
        return new()
        {
            Name = name,
            Model = model,
            Algorithm = algorithm,
            Space = space,
            Trials = trials,
            SpaceExhausted = trials < wanted,
            MaxFailedTrials = StudySpec.DefaultMaxFailedTrials(trials),
            Seed = seed,
        };
    }

    // Grids never have more configurations than a study may have trials.
    private static int Wanted(StudyAlgorithm algorithm, long? distinct) => algorithm switch
    {
        { Name: AlgorithmCatalog.Hyperband, MinEpochs: { } r, MaxEpochs: { } most, ReductionFactor: { } eta } =>
            HyperbandBrackets.Create(Ladder.Create(r, most, eta), eta).Sum(b => b.Trials[0]),
        { Sampler: SamplerCatalog.Grid or SamplerCatalog.OneAtATime } => (int)distinct!.Value,
        _ => DefaultTrials,
    };
}
