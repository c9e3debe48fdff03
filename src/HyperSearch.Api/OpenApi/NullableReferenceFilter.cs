using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace HyperSearch.Api.OpenApi;

/// <summary>A property that may be null and refers to another record says so: a bare reference would not.</summary>
internal sealed class NullableReferenceFilter : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema.Properties is not { } properties)
        {
            return;
        }

        NullabilityInfoContext nullability = new();
        foreach (PropertyInfo property in context.Type.GetProperties())
        {
            string name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (properties.TryGetValue(name, out IOpenApiSchema? referred) && referred is OpenApiSchemaReference reference
                && nullability.Create(property).ReadState == NullabilityState.Nullable)
            {
                properties[name] = new OpenApiSchema { Description = reference.Description, AnyOf = [reference, new OpenApiSchema { Type = JsonSchemaType.Null }] };
            }
        }
    }
}
