using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the algorithm of a request: a bare name or a flat object.</summary>
internal static class AlgorithmReader
{
    private const string Field = "algorithm";
    private static readonly ImmutableArray<string> RungOptions = ["reduction_factor", "min_epochs", "max_epochs"];
    private static readonly ImmutableArray<string> Known = ["name", "sampler", "order", StoppingReader.Field, .. RungOptions];

    /// <summary>The algorithm; null when it was reported and nothing that depends on it can be checked.</summary>
    public static AlgorithmRequest? Read(RequestObject study)
    {
        string pointer = study.Pointer(Field);
        if (study.Get(Field) is not { } element)
        {
            return WithDefaults(SamplerCatalog.Random, pointer);
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return study.OneOf(Field, AlgorithmCatalog.Names) is { } bare ? WithDefaults(bare, pointer) : null;
            case JsonValueKind.Object:
                return RequestObject.Read(element, pointer, study.Findings, Known) is { } algorithm ? ReadObject(algorithm, pointer) : null;
            default:
                study.Findings.WrongType(pointer, "a name or an object", element);
                return null;
        }
    }

    private static AlgorithmRequest WithDefaults(string name, string pointer)
    {
        bool rungs = AlgorithmCatalog.WithRungs.Contains(name);
        return new() { Name = name, Sampler = rungs ? SamplerCatalog.Random : name, IsMultiFidelity = rungs, MinEpochsPointer = pointer };
    }

    private static AlgorithmRequest? ReadObject(RequestObject algorithm, string pointer)
    {
        if (!algorithm.Has("name"))
        {
            algorithm.Findings.Missing(algorithm.Pointer("name"), "An algorithm object needs a name.");
        }

        string? name = algorithm.OneOf("name", AlgorithmCatalog.Names);
        bool rungs = name is not null && AlgorithmCatalog.WithRungs.Contains(name);
        string? sampler = ReadSampler(algorithm, name, rungs);
        bool? shuffled = ReadOrder(algorithm, sampler);
        MedianStopping? stopping = ReadStopping(algorithm, name, rungs);
        (int? eta, int? r, int? most) = ReadRungs(algorithm, name, rungs);
        return name is null ? null : WithDefaults(name, algorithm.Has("min_epochs") ? algorithm.Pointer("min_epochs") : pointer) with
        {
            Sampler = sampler ?? SamplerCatalog.Random,
            Shuffled = shuffled ?? false,
            Stopping = stopping,
            ReductionFactor = eta ?? 3,
            MinEpochs = r ?? 1,
            MaxEpochs = most,
        };
    }

    private static string? ReadSampler(RequestObject algorithm, string? name, bool rungs)
    {
        if (!algorithm.Has("sampler"))
        {
            return rungs ? SamplerCatalog.Random : name;
        }

        if (name is null || rungs)
        {
            return algorithm.OneOf("sampler", AlgorithmCatalog.Samplers);
        }

        algorithm.Findings.Error(algorithm.Pointer("sampler"), ErrorCode.NotAccepted, $"{name} is a sampler itself; only {List(AlgorithmCatalog.WithRungs)} take one.");
        return name;
    }

    private static bool? ReadOrder(RequestObject algorithm, string? sampler)
    {
        if (algorithm.Has("order") && sampler is not (null or SamplerCatalog.Grid))
        {
            algorithm.Findings.Error(algorithm.Pointer("order"), ErrorCode.NotAccepted, "Only a grid has an order.");
            return null;
        }

        return algorithm.OneOf("order", ["declared", "shuffled"]) is { } order ? order == "shuffled" : null;
    }

    private static MedianStopping? ReadStopping(RequestObject algorithm, string? name, bool rungs)
    {
        if (name is null || AlgorithmCatalog.Samplers.Contains(name) || !algorithm.Has(StoppingReader.Field))
        {
            return StoppingReader.Read(algorithm);
        }

        string why = rungs ? $"{name} stops trials at its rungs" : $"{name} compares trials that are fully trained";
        algorithm.Findings.Error(algorithm.Pointer(StoppingReader.Field), ErrorCode.NotAccepted, $"{why}; only {List(AlgorithmCatalog.Samplers)} take a stopping rule.");
        return null;
    }

    private static (int? Eta, int? MinEpochs, int? MaxEpochs) ReadRungs(RequestObject algorithm, string? name, bool rungs)
    {
        if (name is null || rungs)
        {
            int most = (int)HyperparameterCatalog.Epochs.Maximum;
            return (algorithm.Int("reduction_factor", 2, 16), algorithm.Int("min_epochs", 1, most), algorithm.Int("max_epochs", 1, most));
        }

        foreach (string option in RungOptions.Where(algorithm.Has))
        {
            algorithm.Findings.Error(algorithm.Pointer(option), ErrorCode.NotAccepted, $"{name} has no rungs; only {List(AlgorithmCatalog.WithRungs)} take this.");
        }

        return default;
    }

    private static string List(ImmutableArray<string> names) => string.Join(", ", names);
}
