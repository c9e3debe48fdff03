using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>
/// Reads a configuration that a user wants tried: <c>{"parameters": {...}}</c>. Pure. Any value that is valid for its
/// hyperparameter is accepted, inside the searched domain or not; what is left out or null is the study's constant.
/// </summary>
public static class EnqueueValidator
{
    private const string Field = "parameters";
    private static readonly ImmutableArray<string> Names = [.. HyperparameterCatalog.All.Select(h => h.Name)];

    /// <summary>Checks a request and completes the configuration.</summary>
    /// <param name="request">A document that is valid JSON; any kind of root.</param>
    /// <param name="spec">The study.</param>
    public static EnqueueValidation Validate(JsonElement request, StudySpec spec)
    {
        Findings findings = new();
        ParameterSet? parameters = null;
        if (DocumentCheck.Run(request, findings) && RequestObject.Read(request, "", findings, [Field]) is { } body)
        {
            parameters = Read(body, spec);
        }

        return new(findings.HasErrors ? null : parameters, findings.Errors);
    }

    private static ParameterSet? Read(RequestObject body, StudySpec spec)
    {
        string pointer = body.Pointer(Field);
        if (body.Get(Field) is not { } element)
        {
            body.Findings.Missing(pointer, "The configuration is missing: an object of hyperparameters.");
            return null;
        }

        if (RequestObject.Read(element, pointer, body.Findings, Names) is not { } given)
        {
            return null;
        }

        ParameterSet parameters = spec.Space.Constants;
        foreach (Hyperparameter h in HyperparameterCatalog.All)
        {
            if (given.Get(h.Name) is { } value)
            {
                string at = given.Pointer(h.Name);
                // A value that was reported is nowhere used.
                parameters = parameters.With(h, new DomainReader(h, at, spec.Model.Family, body.Findings).ReadValue(value, at) ?? parameters[h]);
            }
        }

        CheckEpochs(given, parameters, spec);
        return parameters.Normalize();
    }

    // Trials are compared epoch by epoch, over one horizon.
    private static void CheckEpochs(RequestObject given, ParameterSet parameters, StudySpec spec)
    {
        int epochs = spec.Space.Constants.Epochs;
        if ((spec.Algorithm.IsMultiFidelity || spec.Algorithm.Stopping is not null) && parameters.Epochs != epochs)
        {
            given.Findings.Error(given.Pointer(HyperparameterCatalog.Epochs.Name), ErrorCode.EpochsIsTheResource,
                string.Create(CultureInfo.InvariantCulture, $"Every trial of this study has {epochs} epochs, not {parameters.Epochs}; leave them out."));
        }
    }
}
