using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>Reads what a request says about one hyperparameter; the hyperparameter decides the type.</summary>
internal sealed class DomainReader(Hyperparameter hyperparameter, string pointer, ModelFamily? family, Findings findings)
{
    // Smaller ones have fewer digits than a generated value carries.
    private const double Tiniest = 1e-300;
    private const string Values = "values";
    private static readonly ImmutableArray<string> RangeFields = ["min", "max", "scale", "step", "count"];
    private static readonly ImmutableArray<string> Known = [Values, .. RangeFields];

    /// <summary>Where the parameter stands.</summary>
    public string Pointer => pointer;

    private double? FamilyMaximum => hyperparameter == HyperparameterCatalog.FrozenBlocks ? family?.Blocks : null;

    /// <summary>The domain of an array or an object; null when it was reported.</summary>
    public ParameterDomain? ReadDomain(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return ReadList(element, pointer);
        }

        if (RequestObject.Read(element, pointer, findings, Known) is not { } domain)
        {
            return null;
        }

        bool complete = element.EnumerateObject().All(m => Known.Contains(m.Name));
        ParameterDomain? result = domain.Has(Values) ? ReadValues(domain) : new RangeReader(hyperparameter, domain, this).Read();
        return complete ? result : null;
    }

    /// <summary>One valid value, a choice as index; null when it was reported.</summary>
    public double? ReadValue(JsonElement element, string at) => hyperparameter.Kind switch
    {
        HyperparameterKind.Choice => ReadChoice(element, at),
        HyperparameterKind.Whole => RequestNumber.ReadWhole(element, at, findings) is { } whole && IsValid(whole, at) ? whole : null,
        HyperparameterKind.Real => RequestNumber.Read(element, at, findings) is { } real && IsValid(real, at) ? real : null,
        _ => throw new InvalidOperationException($"Unknown kind {hyperparameter.Kind}."),
    };

    private bool IsValid(double value, string at)
    {
        if (hyperparameter.IsValid(value, FamilyMaximum) && (value == 0 || value >= Tiniest))
        {
            return true;
        }

        findings.Error(at, ErrorCode.OutOfRange, $"{hyperparameter} must be {Range()}, not {RequestNumber.Show(value)}.");
        return false;
    }

    private string Range()
    {
        string least = RequestNumber.Show(hyperparameter.Minimum);
        double maximum = Math.Min(FamilyMaximum ?? hyperparameter.Maximum, hyperparameter.Maximum);
        string low = hyperparameter.MinimumExcluded ? $"above {least}" : $"at least {least}";
        return double.IsInfinity(maximum)
            ? $"{low} and, unless 0, at least 1e-300"
            : $"{low} and {(hyperparameter.MaximumExcluded ? "below" : "at most")} {RequestNumber.Show(maximum)}";
    }

    private double? ReadChoice(JsonElement element, string at)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            findings.WrongType(at, $"one of {string.Join(", ", hyperparameter.Choices)}", element);
            return null;
        }

        string name = element.GetString()!;
        int index = hyperparameter.Choices.IndexOf(name);
        if (index >= 0)
        {
            return index;
        }

        findings.Error(at, ErrorCode.NotAccepted,
            $"{Findings.Quote(name)} is not accepted; one of {string.Join(", ", hyperparameter.Choices)}.{Suggestion.Sentence(name, hyperparameter.Choices)}");
        return null;
    }

    private ParameterDomain.Listed? ReadValues(RequestObject domain)
    {
        foreach (string field in RangeFields.Where(domain.Has))
        {
            findings.Error(domain.Pointer(field), ErrorCode.NotAccepted, "A parameter has values or a range, not both.");
        }

        JsonElement values = domain.Get(Values)!.Value;
        if (values.ValueKind == JsonValueKind.Array)
        {
            return ReadList(values, domain.Pointer(Values));
        }

        findings.WrongType(domain.Pointer(Values), "an array", values);
        return null;
    }

    private ParameterDomain.Listed? ReadList(JsonElement array, string at)
    {
        int length = array.GetArrayLength();
        if (length is 0 or > GridSampler.MostCells)
        {
            (string code, string detail) = length == 0
                ? (ErrorCode.EmptyValues, "The list has no value.")
                : (ErrorCode.SpaceTooLarge, string.Create(CultureInfo.InvariantCulture, $"A list has at most {GridSampler.MostCells:N0} values, not {length:N0}."));
            findings.Error(at, code, detail);
            return null;
        }

        ImmutableArray<double>.Builder values = ImmutableArray.CreateBuilder<double>(length);
        HashSet<double> seen = [];
        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            AddValue(item, JsonPointer.Element(at, index++), values, seen);
        }

        return values.Count == length ? new(hyperparameter, values.MoveToImmutable()) : null;
    }

    private void AddValue(JsonElement item, string at, ImmutableArray<double>.Builder values, HashSet<double> seen)
    {
        if (ReadValue(item, at) is not { } value)
        {
            return;
        }

        if (seen.Add(value))
        {
            values.Add(value);
        }
        else if (!findings.Full)
        {
            findings.Error(at, ErrorCode.DuplicateValues, $"The value {ParameterSet.Render(hyperparameter, value)} is in the list already.");
        }
    }
}
