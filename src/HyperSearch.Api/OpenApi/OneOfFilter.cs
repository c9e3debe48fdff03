using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace HyperSearch.Api.OpenApi;

/// <summary>Names all records of which a route answers 200 with one.</summary>
internal sealed class OneOfFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (AnswersOneOf answers in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AnswersOneOf>())
        {
            if (operation.Responses?["200"].Content?["application/json"] is OpenApiMediaType answer)
            {
                answer.Schema = new OpenApiSchema { OneOf = [.. answers.Types.Select(t => context.SchemaGenerator.GenerateSchema(t, context.SchemaRepository))] };
            }
        }
    }
}
