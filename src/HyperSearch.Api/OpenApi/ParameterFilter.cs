using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using HyperSearch.Api.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace HyperSearch.Api.OpenApi;

/// <summary>Describes the query parameters and headers that a route declares.</summary>
internal sealed class ParameterFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        IList<object> metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (QueryParameter parameter in metadata.OfType<QueryParameters>().SelectMany(p => p.All))
        {
            operation.Parameters.Add(Describe(parameter));
        }

        foreach (RequestHeader header in metadata.OfType<RequestHeader>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Meaning,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = header.Example,
            });
        }
    }

    private static OpenApiParameter Describe(QueryParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = parameter.Meaning,
        Explode = false,
        Style = ParameterStyle.Form,
        Schema = parameter switch
        {
            QueryParameter.Whole whole => new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = whole.Min.ToString(CultureInfo.InvariantCulture),
                Maximum = whole.Max.ToString(CultureInfo.InvariantCulture),
                Default = whole.Default,
            },
            QueryParameter.Choice { Many: true } many => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Choice(many.Choices, null) },
            QueryParameter.Choice one => Choice(one.Choices, one.Default),
            QueryParameter.Text text => new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = text.Longest },
            QueryParameter.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = false },
            _ => throw new InvalidOperationException($"Unknown parameter {parameter.GetType().Name}."),
        },
    };

    private static OpenApiSchema Choice(ImmutableArray<string> choices, string? standard) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. choices.Select(c => (JsonNode)JsonValue.Create(c))],
        Default = standard is null ? null : JsonValue.Create(standard),
    };
}
