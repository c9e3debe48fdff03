using System.Globalization;
using System.Numerics;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>What an algorithm asks of a space.</summary>
internal static class SpaceRules
{
    /// <summary>Reports what a grid cannot enumerate and what a ladder cannot search.</summary>
    public static void Check(RequestObject study, SpaceRequest space, AlgorithmRequest algorithm)
    {
        if (algorithm.Sampler is SamplerCatalog.Grid or SamplerCatalog.OneAtATime)
        {
            CheckGrid(study, space, algorithm.Sampler);
        }

        if (algorithm.IsMultiFidelity)
        {
            CheckEpochs(study, space, algorithm);
        }
    }

    /// <summary>Epochs of every trial that are constant: max_epochs, else the constant of the request, else the family's default. Reports a first rung above them.</summary>
    public static int ResolveEpochs(RequestObject study, SpaceRequest space, AlgorithmRequest algorithm, ModelFamily family)
    {
        int constant = space.Constants.TryGetValue(HyperparameterCatalog.Epochs, out double epochs) ? (int)epochs : family.Defaults.Epochs;
        int most = algorithm.MaxEpochs ?? constant;
        if (algorithm.IsMultiFidelity && algorithm.MinEpochs > most)
        {
            study.Findings.Error(algorithm.MinEpochsPointer, ErrorCode.MinAboveMax,
                string.Create(CultureInfo.InvariantCulture, $"min_epochs {algorithm.MinEpochs} is above max_epochs {most}."));
        }

        return most;
    }

    private static void CheckEpochs(RequestObject study, SpaceRequest space, AlgorithmRequest algorithm)
    {
        string pointer = JsonPointer.Member(study.Pointer(SpaceReader.Field), HyperparameterCatalog.Epochs.Name);
        if (space.Domains.Any(d => d.Hyperparameter == HyperparameterCatalog.Epochs))
        {
            study.Findings.Error(pointer, ErrorCode.EpochsIsTheResource,
                $"{algorithm.Name} allots epochs itself, from min_epochs to max_epochs; they cannot be searched.");
        }

        if (space.Complete
            && space.Constants.TryGetValue(HyperparameterCatalog.Epochs, out double constant)
            && algorithm.MaxEpochs is { } most && most != constant)
        {
            study.Findings.Error(pointer, ErrorCode.EpochsIsTheResource,
                string.Create(CultureInfo.InvariantCulture, $"The constant epochs {constant} must equal max_epochs {most}; leave one of them out."));
        }
    }

    private static void CheckGrid(RequestObject study, SpaceRequest space, string sampler)
    {
        string pointer = study.Pointer(SpaceReader.Field);
        bool points = space.Complete;
        foreach (ParameterDomain domain in space.Domains)
        {
            if (domain is ParameterDomain.Ranged { Hyperparameter.Kind: HyperparameterKind.Real, Count: null, Step: null })
            {
                points = false;
                study.Findings.Error(JsonPointer.Member(pointer, domain.Hyperparameter.Name), ErrorCode.NeedsPoints,
                    $"{sampler} needs count or step for the range of {domain.Hyperparameter}, or values.");
            }
        }

        if (points)
        {
            CheckCells(study, space, sampler, pointer);
        }
    }

    private static void CheckCells(RequestObject study, SpaceRequest space, string sampler, string pointer)
    {
        bool adds = sampler == SamplerCatalog.OneAtATime;
        long[] counts = [.. space.Domains.Select(ParameterAxes.GridCells)];
        BigInteger cells = counts.Aggregate(BigInteger.One, (all, count) => adds ? all + count : all * count);
        if (cells > GridSampler.MostCells)
        {
            IEnumerable<string> terms = space.Domains.Zip(counts, (d, n) => string.Create(CultureInfo.InvariantCulture, $"{n:N0} ({d.Hyperparameter})"));
            string spelled = adds ? $"one_at_a_time has 1 + {string.Join(" + ", terms)}" : $"The grid has {string.Join(" x ", terms)}";
            study.Findings.Error(pointer, ErrorCode.SpaceTooLarge, string.Create(CultureInfo.InvariantCulture,
                $"{spelled} = {cells:N0} cells; at most {GridSampler.MostCells:N0} are accepted, whatever max_trials."));
        }
    }
}
