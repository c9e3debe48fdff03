using System.Globalization;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>What is valid but worth a second look.</summary>
internal static class StudyWarnings
{
    /// <summary>Adds the warnings of a valid study.</summary>
    /// <param name="study">The request.</param>
    /// <param name="spec">What became of it.</param>
    /// <param name="asked">max_trials of the request.</param>
    /// <param name="minEpochsPointer">Where the first rung is given.</param>
    public static void Add(RequestObject study, StudySpec spec, int? asked, string minEpochsPointer)
    {
        foreach (ParameterDomain domain in spec.Space.Domains)
        {
            AddDomain(study, spec, domain, JsonPointer.Member(study.Pointer(SpaceReader.Field), domain.Hyperparameter.Name));
        }

        AddTrials(study, spec, asked);
        if (spec.Algorithm is { MinEpochs: { } r, MaxEpochs: { } most, ReductionFactor: { } eta })
        {
            AddFewTrials(study, spec, Ladder.Create(r, most, eta).Count, eta);
            new RungWarnings(study.Findings, spec.Space, r, most, minEpochsPointer).Add();
        }
    }

    private static void AddDomain(RequestObject study, StudySpec spec, ParameterDomain domain, string pointer)
    {
        Hyperparameter h = domain.Hyperparameter;
        if (domain is ParameterDomain.Ranged { Count: not null } && spec.Algorithm.Sampler is not (SamplerCatalog.Grid or SamplerCatalog.OneAtATime))
        {
            study.Findings.Warn(WarningCode.CountUnused, JsonPointer.Member(pointer, "count"), $"Only a grid uses count; the sampler {spec.Algorithm.Sampler} draws {h} from the whole range.");
        }

        // A range from 0 has no log scale.
        if (h.LogByNature && domain is ParameterDomain.Ranged { Log: false, Min: > 0 } range && range.Min < range.Max)
        {
            study.Findings.Warn(WarningCode.LinearScale, pointer, $"{h} is searched on a linear scale, which hardly tries small values; \"scale\": \"log\" is usual.");
        }

        if (Dependency.All.FirstOrDefault(d => d.Dependent == h && !d.CanMatter(spec.Space)) is { } dependency)
        {
            study.Findings.Warn(WarningCode.NoEffect, pointer, $"{h} has no meaning beside the values of {dependency.Gate} in this study; it is not searched.");
        }
    }

    private static void AddTrials(RequestObject study, StudySpec spec, int? asked)
    {
        string pointer = study.Pointer("max_trials");
        if (spec.SpaceExhausted)
        {
            Warn(study, WarningCode.SpaceExhausted, pointer, $"The space has only {spec.Trials} distinct configurations; the study ends when all are tried.");
        }

        if (spec.Algorithm.Sampler == SamplerCatalog.Grid
            && SamplerCatalog.DistinctConfigurations(spec.Space, SamplerCatalog.Grid) is { } cells && cells > spec.Trials)
        {
            string which = spec.Algorithm.Shuffled ? "in shuffled order" : "in declared order, so that the last values of the first parameters are never tried";
            Warn(study, WarningCode.GridTruncated, pointer, $"The grid has {cells} cells; only the first {spec.Trials} are tried, {which}.");
        }

        if (spec is { Algorithm.IsMultiFidelity: true, MaxParallel: { } parallel } && parallel > spec.Trials)
        {
            Warn(study, WarningCode.ParallelAboveFirstRung, study.Pointer("max_parallel"), $"The first rung has {spec.Trials} trials; max_parallel {parallel} is never reached.");
        }
    }

    private static void AddFewTrials(RequestObject study, StudySpec spec, int rungs, int eta)
    {
        double needed = Math.Pow(eta, rungs - 1);
        if (spec.Trials < needed)
        {
            Warn(study, WarningCode.FewTrials, study.Pointer("max_trials"), $"{spec.Trials} trials are fewer than {needed:F0} = {eta}^{rungs - 1}, so that upper rungs have one trial and choose nothing.");
        }
    }

    private static void Warn(RequestObject study, string code, string pointer, FormattableString detail) =>
        study.Findings.Warn(code, pointer, detail.ToString(CultureInfo.InvariantCulture));
}
