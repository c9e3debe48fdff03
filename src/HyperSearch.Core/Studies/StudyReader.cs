using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
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
        (StudyAlgorithm? resolved, SearchSpace? space) = ReadSpace(study, model, algorithm);
        int? trials = study.Int("max_trials", 1, StudyFields.MostTrials);
        Func<StudySpec, StudySpec>[] fields =
        [
            StudyFields.Budgets(study),
            StudyFields.Training(study, algorithm?.IsMultiFidelity ?? false),
            StudyFields.Running(study),
            StudyFields.Texts(study),
        ];
        long seed = StudyFields.Seed(study, drawnSeed);
        if (study.Findings.HasErrors || name is null || model is null || algorithm is null || resolved is null || space is null)
        {
            return null;
        }

        StudySpec spec = Size(name, model, resolved, space, trials, seed) with { Dataset = dataset, Objective = objective };
        spec = fields.Aggregate(spec, (s, field) => field(s));
        StudyWarnings.Add(study, spec, trials, algorithm.MinEpochsPointer);
        return spec;
    }

    private static (StudyAlgorithm? Algorithm, SearchSpace? Space) ReadSpace(RequestObject study, StudyModel? model, AlgorithmRequest? algorithm)
    {
        SpaceRequest space = SpaceReader.Read(study, model?.Family, algorithm?.IsMultiFidelity ?? false);
        if (algorithm is null)
        {
            return default;
        }

        SpaceRules.Check(study, space, algorithm);
        if (model is null)
        {
            return default;
        }

        int epochs = SpaceRules.ResolveEpochs(study, space, algorithm, model.Family);
        return (algorithm.Resolve(epochs), space.Over(model.Family.Defaults.With(HyperparameterCatalog.Epochs, epochs)));
    }

    private static StudySpec Size(string name, StudyModel model, StudyAlgorithm algorithm, SearchSpace space, int? asked, long seed)
    {
        long? distinct = SamplerCatalog.DistinctConfigurations(space, algorithm.Sampler);
        // A grid is asked for all its cells; it never has more than a study may have trials.
        int wanted = asked ?? (algorithm.Sampler == SamplerCatalog.Grid ? (int)distinct!.Value : DefaultTrials);
        int trials = (int)Math.Min(wanted, distinct ?? long.MaxValue);
        return new()
        {
            Name = name,
            Model = model,
            Algorithm = algorithm,
            Space = space,
            Trials = trials,
            SpaceExhausted = trials < wanted,
            MaxFailedTrials = Math.Max(3, (trials + 9) / 10),
            Seed = seed,
        };
    }
}
