using System.Collections.Immutable;
using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>Reads the search space of a request.</summary>
internal static class SpaceReader
{
    /// <summary>The field of the request.</summary>
    public const string Field = "search_space";

    private static readonly ImmutableArray<string> Names = [.. HyperparameterCatalog.All.Select(h => h.Name)];
    private static readonly ImmutableArray<string> StudyFields = ["max_grad_norm", "early_stopping_patience"];

    /// <summary>The space: the family's default one where the request has none.</summary>
    /// <param name="study">The request.</param>
    /// <param name="family">The family, or null where the model was reported.</param>
    /// <param name="multiFidelity">Whether trials are compared at rungs; decides which default space.</param>
    public static SpaceRequest Read(RequestObject study, ModelFamily? family, bool multiFidelity)
    {
        ImmutableArray<ParameterDomain>.Builder domains = ImmutableArray.CreateBuilder<ParameterDomain>();
        Dictionary<Hyperparameter, double> constants = [];
        if (study.Get(Field) is not { } element)
        {
            domains.AddRange(family?.DefaultSpace(multiFidelity) ?? []);
            return Request(domains, constants, family is not null);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            study.Findings.WrongType(study.Pointer(Field), "an object", element);
            return Request(domains, constants, false);
        }

        bool complete = true;
        HashSet<string> seen = [];
        foreach (JsonProperty member in element.EnumerateObject().Where(m => seen.Add(m.Name)))
        {
            complete &= ReadParameter(member, study, family, domains, constants);
        }

        return Request(domains, constants, complete);
    }

    private static SpaceRequest Request(ImmutableArray<ParameterDomain>.Builder domains, Dictionary<Hyperparameter, double> constants, bool complete) =>
        new() { Domains = domains.ToImmutable(), Constants = constants.ToImmutableDictionary(), Complete = complete };

    private static bool ReadParameter(
        JsonProperty member,
        RequestObject study,
        ModelFamily? family,
        ImmutableArray<ParameterDomain>.Builder domains,
        Dictionary<Hyperparameter, double> constants)
    {
        string pointer = study.Pointer(Field);
        if (HyperparameterCatalog.Find(member.Name) is not { } hyperparameter)
        {
            ReportUnknown(member.Name, pointer, study.Findings);
            return false;
        }

        DomainReader reader = new(hyperparameter, JsonPointer.Member(pointer, member.Name), family, study.Findings);
        switch (member.Value.ValueKind)
        {
            case JsonValueKind.Array or JsonValueKind.Object:
                ParameterDomain? domain = reader.ReadDomain(member.Value);
                if (domain is not null)
                {
                    domains.Add(domain);
                }

                return domain is not null;
            default:
                double? constant = reader.ReadValue(member.Value, reader.Pointer);
                constants[hyperparameter] = constant ?? 0;
                return constant is not null;
        }
    }

    private static void ReportUnknown(string name, string pointer, Findings findings)
    {
        if (StudyFields.Contains(name))
        {
            findings.Error(JsonPointer.Member(pointer, name), ErrorCode.UnknownField, $"{name} is never searched; it is a field of the study itself.");
        }
        else
        {
            RequestObject.ReportUnknown(name, pointer, findings, Names);
        }
    }
}
