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
    /// <summary>Reports what a grid cannot enumerate and which epochs cannot be searched.</summary>
    /// <returns>Whether the sampler's configurations can be counted.</returns>
    public static bool Check(RequestObject study, SpaceRequest space, AlgorithmRequest algorithm)
    {
        if (algorithm.IsMultiFidelity || algorithm.Stopping is not null)
        {
            CheckEpochs(study, space, algorithm);
        }

        return algorithm.Sampler is SamplerCatalog.Grid or SamplerCatalog.OneAtATime ? CheckGrid(study, space, algorithm.Sampler) : space.Complete;
    }

    /// <summary>
    /// Epochs of every trial that are constant: max_epochs, else the constant of the request, else the family's default.
    /// Reports a first rung above them, and a first decision of a stopping rule that falls after them.
    /// </summary>
    public static int ResolveEpochs(RequestObject study, SpaceRequest space, AlgorithmRequest algorithm, ModelFamily family)
    {
        // A constant that was reported is 0.
        int constant = space.Constants.TryGetValue(HyperparameterCatalog.Epochs, out double epochs) && epochs > 0 ? (int)epochs : family.Defaults.Epochs;
        int most = algorithm.MaxEpochs ?? constant;
        if (algorithm.IsMultiFidelity && algorithm.MinEpochs > most)
        {
            study.Findings.Error(algorithm.MinEpochsPointer, ErrorCode.MinAboveMax,
                string.Create(CultureInfo.InvariantCulture, $"min_epochs {algorithm.MinEpochs} is above max_epochs {most}."));
        }

        if (algorithm.Stopping is { GraceEpochs: { } grace } && grace >= most && Searched(space) is null)
        {
            study.Findings.Error(StoppingReader.Pointer(study, StoppingReader.Grace), ErrorCode.OutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"grace_epochs {grace} must be below the trials' {most} epochs."));
        }

        return most;
    }

    private static ParameterDomain? Searched(SpaceRequest space) => space.Domains.FirstOrDefault(d => d.Hyperparameter == HyperparameterCatalog.Epochs);

    private static void CheckEpochs(RequestObject study, SpaceRequest space, AlgorithmRequest algorithm)
    {
        string pointer = JsonPointer.Member(study.Pointer(SpaceReader.Field), HyperparameterCatalog.Epochs.Name);
        if (Searched(space) is not null)
        {
            study.Findings.Error(pointer, ErrorCode.EpochsIsTheResource, algorithm.IsMultiFidelity
                ? $"{algorithm.Name} allots epochs itself, from min_epochs to max_epochs; they cannot be searched."
                : "Median stopping compares trials epoch by epoch; epochs cannot be searched.");
        }

        if (space.Complete
            && space.Constants.TryGetValue(HyperparameterCatalog.Epochs, out double constant)
            && algorithm.MaxEpochs is { } most && most != constant)
        {
            study.Findings.Error(pointer, ErrorCode.EpochsIsTheResource,
                string.Create(CultureInfo.InvariantCulture, $"The constant epochs {constant} must equal max_epochs {most}; leave one of them out."));
        }
    }

    private static bool CheckGrid(RequestObject study, SpaceRequest space, string sampler)
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

        return points && CheckSize(study, space, sampler, pointer);
    }

    // An upper bound: points may coincide, and the baseline's value may be one of them.
    private static bool CheckSize(RequestObject study, SpaceRequest space, string sampler, string pointer)
    {
        long[] counts = [.. space.Domains.Select(ParameterAxes.GridCells)];
        IEnumerable<string> terms = space.Domains.Zip(counts, (d, n) => string.Create(CultureInfo.InvariantCulture, $"{n:N0} ({d.Hyperparameter})"));
        (BigInteger size, string sum) = sampler == SamplerCatalog.Grid
            ? (counts.Aggregate(BigInteger.One, (product, count) => product * count), $"The grid has {string.Join(" x ", terms)}")
            : (counts.Aggregate(BigInteger.One, (sum, count) => sum + count), $"{sampler} has {string.Join(" + ", terms.Prepend("1 (baseline)"))}");
        if (size <= GridSampler.MostCells)
        {
            return true;
        }

        study.Findings.Error(pointer, ErrorCode.SpaceTooLarge, string.Create(CultureInfo.InvariantCulture,
            $"{sum} = {size:N0} {(sampler == SamplerCatalog.Grid ? "cells" : "configurations")}; at most {GridSampler.MostCells:N0} are accepted, whatever max_trials."));
        return false;
    }
}
