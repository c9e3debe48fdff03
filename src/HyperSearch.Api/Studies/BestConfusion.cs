using System.Text.Json;
using System.Text.Json.Nodes;
using HyperSearch.Api.Http;
using HyperSearch.Api.Persistence;
using HyperSearch.Artifacts;

namespace HyperSearch.Api.Studies;

/// <summary>The confusion matrix of the winner's model, which its worker wrote beside the weights: it has as many numbers as classes squared, so it is no part of a study's answer.</summary>
internal static class BestConfusion
{
    private const string FileName = "confusion_matrix.json";

    public static async Task<IResult> GetAsync(string id, SearchDbs dbs, StudyAnswers answers, IArtifactStore store, CancellationToken cancellationToken)
    {
        (StoredModel? model, Problem? problem) = await StoredModel.FindAsync(id, dbs, answers, store, cancellationToken);
        if (model is null)
        {
            return problem!;
        }

        if (!model.Files.Any(f => f.Name == FileName))
        {
            return Problems.NotFound($"The model of trial {model.Trial.Number} was kept without a confusion matrix: workers write one for up to 1,000 classes.");
        }

        await using Stream file = await store.OpenReadAsync(model.Key, FileName, cancellationToken);
        JsonNode json = (await JsonNode.ParseAsync(file, cancellationToken: cancellationToken))!;
        json["trial"] = model.Trial.Number;
        return TypedResults.Ok(json.Deserialize(ApiJson.Written.ConfusionMatrixResponse));
    }
}
