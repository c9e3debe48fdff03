using System.Text.Json.Nodes;
using HyperSearch.Api.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace HyperSearch.Api.OpenApi;

/// <summary>Adds the examples that lie beside this file, which the tests check against real answers.</summary>
internal sealed class ExampleFilter : IOperationFilter
{
    private const string Json = "application/json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        string id = operation.OperationId ?? throw new InvalidOperationException($"{context.ApiDescription.RelativePath} has no operation id.");
        foreach (OpenApiMediaType request in operation.RequestBody?.Content?.Values.OfType<OpenApiMediaType>() ?? [])
        {
            request.Example = Read($"{id}.request");
        }

        foreach ((string status, IOpenApiResponse response) in operation.Responses ?? [])
        {
            if (response.Content is { } failure && failure.TryGetValue(Problem.ContentType, out var why) && why is OpenApiMediaType problem)
            {
                problem.Example = Read($"problem.{status}");
            }
            else if (response.Content is { } content && content.TryGetValue(Json, out var given) && given is OpenApiMediaType answer)
            {
                answer.Example = Read($"{id}.{status}") ?? Read($"{id}.response");
            }
        }
    }

    /// <summary>An example by its name; null when there is none.</summary>
    public static JsonNode? Read(string name)
    {
        using Stream? file = typeof(ExampleFilter).Assembly.GetManifestResourceStream($"examples/{name}.json");
        return file is null ? null : JsonNode.Parse(file);
    }
}
