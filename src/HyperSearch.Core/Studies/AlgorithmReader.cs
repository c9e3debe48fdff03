using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.Studies;

/// <summary>Reads the algorithm of a request: a bare name or a flat object.</summary>
internal static class AlgorithmReader
{
    /// <summary>The one multi-fidelity algorithm that is there.</summary>
    public const string SuccessiveHalving = "successive_halving";

    private const string Field = "algorithm";
    private static readonly ImmutableArray<string> Flat = [SamplerCatalog.Grid, SamplerCatalog.Random, "sobol", "tpe", "one_at_a_time"];
    private static readonly ImmutableArray<string> WithRungs = [SuccessiveHalving, "asha", "hyperband"];
    private static readonly ImmutableArray<string> Samplers = [SamplerCatalog.Random, "sobol", "tpe", SamplerCatalog.Grid];
    private static readonly ImmutableArray<string> RungOptions = ["reduction_factor", "min_epochs", "max_epochs"];
    private static readonly ImmutableArray<string> Known = ["name", "sampler", "order", "stopping", .. RungOptions];

    /// <summary>The algorithm; null when it was reported and nothing that depends on it can be checked.</summary>
    public static AlgorithmRequest? Read(RequestObject study)
    {
        string pointer = study.Pointer(Field);
        if (study.Get(Field) is not { } element)
        {
            return new() { Name = SamplerCatalog.Random, Sampler = SamplerCatalog.Random, MinEpochsPointer = pointer };
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return Name(study, Field) is { } bare ? WithDefaults(bare, pointer) : null;
            case JsonValueKind.Object:
                return RequestObject.Read(element, pointer, study.Findings, Known) is { } algorithm ? ReadObject(algorithm, pointer) : null;
            default:
                study.Findings.WrongType(pointer, "a name or an object", element);
                return null;
        }
    }

    private static AlgorithmRequest WithDefaults(string name, string pointer)
    {
        bool rungs = WithRungs.Contains(name);
        return new() { Name = name, Sampler = rungs ? SamplerCatalog.Random : name, IsMultiFidelity = rungs, MinEpochsPointer = pointer };
    }

    private static string? Name(RequestObject owner, string field)
    {
        if (owner.OneOf(field, [.. Flat, .. WithRungs]) is not { } name)
        {
            return null;
        }

        if (name != SuccessiveHalving && !SamplerCatalog.Names.Contains(name))
        {
            string there = string.Join(", ", SamplerCatalog.Names.Add(SuccessiveHalving));
            owner.Findings.NotYet(owner.Pointer(field), $"the algorithm {name}; it has {there}");
        }

        return name;
    }

    private static AlgorithmRequest? ReadObject(RequestObject algorithm, string pointer)
    {
        if (!algorithm.Has("name"))
        {
            algorithm.Findings.Missing(algorithm.Pointer("name"), "An algorithm object needs a name.");
        }

        string? name = Name(algorithm, "name");
        bool rungs = name is not null && WithRungs.Contains(name);
        string? sampler = ReadSampler(algorithm, name, rungs);
        bool? shuffled = ReadOrder(algorithm, sampler);
        ReadStopping(algorithm, name, rungs);
        (int? eta, int? r, int? most) = ReadRungs(algorithm, name, rungs);
        return name is null ? null : WithDefaults(name, algorithm.Has("min_epochs") ? algorithm.Pointer("min_epochs") : pointer) with
        {
            Sampler = sampler ?? SamplerCatalog.Random,
            Shuffled = shuffled ?? false,
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

        if (name is not null && !rungs)
        {
            algorithm.Findings.Error(algorithm.Pointer("sampler"), ErrorCode.NotAccepted, $"{name} is a sampler itself; only {string.Join(", ", WithRungs)} take one.");
            return name;
        }

        string? sampler = algorithm.OneOf("sampler", Samplers);
        if (sampler is not null && !SamplerCatalog.Names.Contains(sampler))
        {
            algorithm.Findings.NotYet(algorithm.Pointer("sampler"), $"the sampler {sampler}; it has {string.Join(", ", SamplerCatalog.Names)}");
        }

        return sampler;
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

    private static void ReadStopping(RequestObject algorithm, string? name, bool rungs)
    {
        if (algorithm.Has("stopping") && rungs)
        {
            algorithm.Findings.Error(algorithm.Pointer("stopping"), ErrorCode.NotAccepted, $"{name} stops trials at its rungs; it takes no stopping rule.");
        }
        else if (algorithm.Has("stopping"))
        {
            algorithm.Findings.NotYet(algorithm.Pointer("stopping"), "stopping rules");
        }
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
            algorithm.Findings.Error(algorithm.Pointer(option), ErrorCode.NotAccepted, $"{name} has no rungs; only {string.Join(", ", WithRungs)} take this.");
        }

        return default;
    }
}
