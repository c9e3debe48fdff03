using System.Globalization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>What is valid but worth a second look.</summary>
internal static class StudyWarnings
{
    // Trials that tpe draws at random before it models anything (Optuna's n_startup_trials).
    private const int TpeStartUp = 10;

    /// <summary>Adds the warnings of a valid study.</summary>
    /// <param name="study">The request.</param>
    /// <param name="spec">What became of it.</param>
    /// <param name="minEpochsPointer">Where the first rung is given.</param>
    public static void Add(RequestObject study, StudySpec spec, string minEpochsPointer)
    {
        foreach (ParameterDomain domain in spec.Space.Domains)
        {
            AddDomain(study, spec, domain, JsonPointer.Member(study.Pointer(SpaceReader.Field), domain.Hyperparameter.Name));
        }

        // max_trials is not a field of hyperband: its own options decide the trials.
        string trials = study.Pointer(spec.Algorithm.Name == AlgorithmCatalog.Hyperband ? "algorithm" : "max_trials");
        AddTrials(study, spec, trials);
        AddStopping(study, spec);
        if (spec.Augmentation != "none" && spec.Dataset is { } dataset && DatasetFormat.IsText(dataset.Format))
        {
            Warn(study, WarningCode.NoEffect, study.Pointer("augmentation"), $"Augmentation changes images; the dataset has texts.");
        }

        if (spec.Algorithm is { MinEpochs: { } r, MaxEpochs: { } most, ReductionFactor: { } eta })
        {
            AddFewTrials(study, spec, Ladder.Create(r, most, eta).Count, eta, trials);
            AddSmallBudget(study, spec);
            new RungWarnings(study.Findings, spec.Space, r, most, minEpochsPointer).Add();
        }
    }

    private static void AddDomain(RequestObject study, StudySpec spec, ParameterDomain domain, string pointer)
    {
        Hyperparameter h = domain.Hyperparameter;
        bool oneAtATime = spec.Algorithm.Name == SamplerCatalog.OneAtATime;
        if (domain is ParameterDomain.Ranged { Count: not null } && !oneAtATime && spec.Algorithm.Sampler != SamplerCatalog.Grid)
        {
            study.Findings.Warn(WarningCode.CountUnused, JsonPointer.Member(pointer, "count"), $"Only grid and one_at_a_time use count; the sampler {spec.Algorithm.Sampler} draws {h} from the whole range.");
        }

        // A range from 0 has no log scale.
        if (h.LogByNature && domain is ParameterDomain.Ranged { Log: false, Min: > 0 } range && range.Min < range.Max)
        {
            study.Findings.Warn(WarningCode.LinearScale, pointer, $"{h} is searched on a linear scale, which hardly tries small values; \"scale\": \"log\" is usual.");
        }

        // one_at_a_time never leaves the baseline's value of the gate while it varies the dependent.
        if (Dependency.All.FirstOrDefault(d => d.Dependent == h && (oneAtATime ? spec.Space.Constants[d.Gate] == d.Off : !d.CanMatter(spec.Space))) is { } dependency)
        {
            study.Findings.Warn(WarningCode.NoEffect, pointer, $"{h} has no meaning beside the values of {dependency.Gate} in this study; it is not searched.");
        }
    }

    private static void AddTrials(RequestObject study, StudySpec spec, string pointer)
    {
        bool hyperband = spec.Algorithm.Name == AlgorithmCatalog.Hyperband;
        if (spec.SpaceExhausted)
        {
            string end = hyperband ? "the last brackets lose trials" : "the study ends when all are tried";
            Warn(study, WarningCode.SpaceExhausted, pointer, $"The space has only {spec.Trials} distinct configurations; {end}.");
        }

        if (spec.Algorithm.Sampler == SamplerCatalog.Grid
            && SamplerCatalog.DistinctConfigurations(spec.Space, SamplerCatalog.Grid) is { } cells && cells > spec.Trials)
        {
            string which = spec.Algorithm.Shuffled ? "in shuffled order" : "in declared order, so that the last values of the first parameters are never tried";
            Warn(study, WarningCode.GridTruncated, pointer, $"The grid has {cells} cells; only the first {spec.Trials} are tried, {which}.");
        }

        if (spec is { Algorithm.IsMultiFidelity: true, MaxParallel: { } parallel } && parallel > spec.Trials)
        {
            string first = hyperband ? "The brackets start with" : "The first rung has";
            Warn(study, WarningCode.ParallelAboveFirstRung, study.Pointer("max_parallel"), $"{first} {spec.Trials} trials; max_parallel {parallel} is never reached.");
        }

        if (spec.Algorithm.Sampler == SamplerCatalog.Tpe && spec.Trials <= TpeStartUp)
        {
            Warn(study, WarningCode.StartUpOnly, pointer, $"tpe draws its first {TpeStartUp} trials at random; with {spec.Trials} trials it never does anything else.");
        }

        if (spec.Confirm is { } confirm && confirm.Top > spec.Trials)
        {
            Warn(study, WarningCode.NoEffect, study.Pointer("confirm"), $"The study has {spec.Trials} trials; top {confirm.Top} confirms all of them.");
        }
    }

    private static void AddStopping(RequestObject study, StudySpec spec)
    {
        if (spec.Algorithm.Stopping is not { } stopping)
        {
            return;
        }

        int epochs = spec.Space.Constants.Epochs;
        if (stopping.GraceEpochs + 1 >= epochs)
        {
            Warn(study, WarningCode.NoEffect, StoppingReader.Pointer(study, StoppingReader.Grace), $"The first decision falls after epoch {stopping.GraceEpochs + 1}, when trials of {epochs} epochs are done; nothing is stopped.");
        }

        if (stopping.MinTrials >= spec.Trials)
        {
            Warn(study, WarningCode.NoEffect, StoppingReader.Pointer(study, StoppingReader.Others), $"A trial never has min_trials {stopping.MinTrials} others in a study of {spec.Trials}; nothing is stopped.");
        }
    }

    private static void AddFewTrials(RequestObject study, StudySpec spec, int rungs, int eta, string pointer)
    {
        double needed = Math.Pow(eta, rungs - 1);
        if (spec.Trials < needed)
        {
            Warn(study, WarningCode.FewTrials, pointer, $"{spec.Trials} trials are fewer than {needed:F0} = {eta}^{rungs - 1}, so that upper rungs have one trial and choose nothing.");
        }
    }

    private static void AddSmallBudget(RequestObject study, StudySpec spec)
    {
        long full = new PlannedEpochs(spec, spec.Trials).UntilFull + (spec.Baseline ? spec.Space.Constants.Epochs : 0);
        if (spec.MaxEpochsTotal < full)
        {
            Warn(study, WarningCode.BudgetBeforeFullTrial, study.Pointer("max_epochs_total"), $"{spec.Algorithm.Name} needs about {full} epochs until a first trial is trained in full; with {spec.MaxEpochsTotal} the study may end without a final best.");
        }
    }

    private static void Warn(RequestObject study, string code, string pointer, FormattableString detail) =>
        study.Findings.Warn(code, pointer, detail.ToString(CultureInfo.InvariantCulture));
}
