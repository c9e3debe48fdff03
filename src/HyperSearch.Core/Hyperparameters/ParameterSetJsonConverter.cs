using System.Text.Json;
using System.Text.Json.Serialization;

namespace HyperSearch.Core.Hyperparameters;

/// <summary>Writes a parameter set as <see cref="ParameterSet.ToJson"/> does.</summary>
internal sealed class ParameterSetJsonConverter : JsonConverter<ParameterSet>
{
    public override ParameterSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ParameterSet.FromJson(ref reader);

    public override void Write(Utf8JsonWriter writer, ParameterSet value, JsonSerializerOptions options) => value.ToJson().WriteTo(writer, options);
}
