using HyperSearch.Core.Hyperparameters;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace HyperSearch.Api.Persistence;

/// <summary>Parameters are stored as a JSON object of names.</summary>
internal sealed class ParameterSetConverter() : ValueConverter<ParameterSet, string>(
    set => set.ToJson().ToJsonString(null),
    json => ParameterSet.FromJson(json));
