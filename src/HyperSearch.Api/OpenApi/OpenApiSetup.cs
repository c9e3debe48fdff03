using System.Text.Json;
using HyperSearch.Contracts;
using Microsoft.OpenApi;

namespace HyperSearch.Api.OpenApi;

/// <summary>The description of the interface in OpenAPI 3.1 and 3.0, and the page that shows it.</summary>
internal static class OpenApiSetup
{
    private const string Document = "v1";

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.AddEndpointsApiExplorer().AddSwaggerGen(options =>
        {
            options.SwaggerDoc(Document, new OpenApiInfo
            {
                Title = "HyperSearch",
                Version = Document,
                Description = "Distributed hyperparameter search: a study is submitted, its trials are trained by workers, and the leaderboard ranks them against the model's defaults. Additive changes only inside v1.",
            });
            options.SupportNonNullableReferenceTypes();
            options.NonNullableReferenceTypesAsRequired();
            // Any JSON: what a request or the search space makes of it stands in the descriptions.
            options.MapType<JsonElement>(() => new OpenApiSchema());
            options.MapType<JsonElement?>(() => new OpenApiSchema());
            options.CustomSchemaIds(NameOf);
            options.IncludeXmlComments(typeof(StudyResponse).Assembly);
            options.SchemaFilter<NullableReferenceFilter>();
            options.OperationFilter<ParameterFilter>();
            options.OperationFilter<OneOfFilter>();
            options.OperationFilter<ExampleFilter>();
        });

    public static void UseOpenApiDocument(this WebApplication app)
    {
        app.UseSwagger(options =>
        {
            options.RouteTemplate = "openapi/{documentName}.json";
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        });
        app.UseSwagger(options =>
        {
            options.RouteTemplate = "openapi/3.0/{documentName}.json";
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        });
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "HyperSearch API";
            options.SwaggerEndpoint($"/openapi/{Document}.json", "HyperSearch v1");
        });
    }

    private static string NameOf(Type type) =>
        type.IsGenericType ? NameOf(type.GetGenericArguments()[0]) + type.Name.Split('`')[0] : type.Name;
}
