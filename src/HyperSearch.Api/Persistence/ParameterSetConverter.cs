using System.Text.Json;
using HyperSearch.Core.Hyperparameters;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace HyperSearch.Api.Persistence;

/// <summary>Parameters are stored as a JSON object of names.</summary>
internal sealed class ParameterSetConverter() : ValueConverter<ParameterSet, string>(
    set => set.ToJson().ToJsonString(null),
    json => Read(json))
{
    private static ParameterSet Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ParameterSet.FromJson(document.RootElement);
    }
}
