using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace HyperSearch.Api.Persistence;

internal static class JsonColumn
{
    /// <summary>Stores a small value as JSON text, compared by its text.</summary>
    public static PropertyBuilder<T> HasJsonText<T>(this PropertyBuilder<T> property)
        where T : class, new()
    {
        property.HasConversion(
            new ValueConverter<T, string>(v => Write(v), s => Read<T>(s)),
            new ValueComparer<T>((a, b) => Write(a) == Write(b), v => StringComparer.Ordinal.GetHashCode(Write(v)), v => Read<T>(Write(v))));
        return property;
    }

    private static string Write<T>(T? value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);

    private static T Read<T>(string text)
        where T : new() => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web) ?? new T();
}
