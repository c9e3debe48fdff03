using HyperSearch.Api.Http;
using HyperSearch.Contracts;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Catalogs;

internal static class CatalogEndpoints
{
    public static void MapCatalog(this RouteGroupBuilder v1)
    {
        RouteGroupBuilder catalog = v1.MapGroup("").WithTags("Catalogue");
        catalog.MapGet("/models", (Catalog known) => Pages.Whole([.. known.Models.Select(CatalogView.Of)]))
            .Named("listModels", "Models that a request may name").Produces<Page<ModelResponse>>().Fails();
        catalog.MapGet("/datasets", (Catalog known) => Pages.Whole([.. known.Datasets.Select(CatalogView.Of)]))
            .Named("listDatasets", "Datasets that a request may name").Produces<Page<DatasetResponse>>().Fails();
        catalog.MapGet("/hyperparameters", () => Pages.Whole([.. HyperparameterCatalog.All.Select(CatalogView.Of)]))
            .Named("listHyperparameters", "Hyperparameters with their valid ranges, defaults and default ranges").Produces<Page<HyperparameterResponse>>().Fails();
    }
}
