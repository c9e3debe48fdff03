using System.Text.Json;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Trials;
using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Trials;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Persistence;

/// <summary>Lists and leaderboards are paged whole, whatever the database does with ties and missing values.</summary>
public abstract class OrderSuite : DatabaseSuite
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Leaderboard_PagesWithTiesAndMissingValues_AreTheWholeOrder(int size)
    {
        string id = await RankedAsync();
        await using SearchDb db = Dbs.Read();
        List<int> whole = await db.Trials.Where(t => t.StudyId == id).Ranked().Select(t => t.Number).ToListAsync(Cancellation);

        List<int> paged = [.. (await Api.AllPagesAsync($"/v1/studies/{id}/leaderboard?limit={size}")).Select(r => r.Int("number"))];
        List<JsonElement> completed = await Api.AllPagesAsync($"/v1/studies/{id}/leaderboard?limit={size}&state=completed&sort=value");

        paged.ShouldBe(whole);
        paged.ShouldBe([1, 4, 0, 7, 5, 3, 6, 2, 9, 8]);
        completed.Select(r => r.Int("rank")).ShouldBe(Enumerable.Range(1, completed.Count));
        completed.ShouldAllBe(r => r.Text("state") == "completed");
    }

    [Fact]
    public async Task Trials_InEveryOrder_ArePagedWhole()
    {
        string id = await RankedAsync();
        List<JsonElement> all = await Api.AllPagesAsync($"/v1/studies/{id}/trials");
        foreach (string sort in TrialOrder.All)
        {
            List<JsonElement> paged = await Api.AllPagesAsync($"/v1/studies/{id}/trials?limit=3&sort={sort}");
            paged.Select(t => t.Int("number")).ShouldBe(Ordered(all, sort), sort);
        }

        (await Api.AllPagesAsync($"/v1/studies/{id}/trials?state=paused,completed&limit=1&sort=-value")).Select(t => t.Text("state")).Distinct().Order().ShouldBe(["completed", "paused"]);
    }

    /// <summary>Ten completed, paused, running and diverged trials with ties and without values.</summary>
    private async Task<string> RankedAsync()
    {
        string id = await NewAsync(Bodies.Halving(10, 9, "\"baseline\": false"));
        await OfferAsync(id, 10);
        (TrialState State, int Rung, double? Loss)[] rows =
        [
            (TrialState.Completed, 2, 0.5), (TrialState.Completed, 2, 0.1), (TrialState.Completed, 2, null), (TrialState.Paused, 0, 0.05), (TrialState.Completed, 2, 0.1),
            (TrialState.Paused, 1, 0.3), (TrialState.Running, 0, 0.05), (TrialState.Paused, 1, 0.3), (TrialState.Pruned, 0, null), (TrialState.Running, 1, null),
        ];
        // Seven before five: the better one of two at the same rung.
        rows[7].Loss = 0.2;
        await WriteAsync(async db =>
        {
            for (int i = 0; i < rows.Length; i++)
            {
                (TrialState state, int rung, double? loss) = rows[i];
                await db.Trials.Where(t => t.StudyId == id && t.Number == i).ExecuteUpdateAsync(
                    set => set.SetProperty(t => t.State, state).SetProperty(t => t.Rung, rung).SetProperty(t => t.Loss, loss).SetProperty(t => t.Value, loss), Cancellation);
            }
        });
        return id;
    }

    private static IEnumerable<int> Ordered(List<JsonElement> all, string sort)
    {
        string name = sort.TrimStart('-');
        double? Key(JsonElement t)
        {
            JsonElement value = name is "number" or "value" ? t.GetProperty(name) : t.GetProperty("parameters").GetProperty(name);
            return value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => Core.Hyperparameters.HyperparameterCatalog.Find(name)!.Choices.IndexOf(value.GetString()!),
                _ => value.GetDouble(),
            };
        }

        double sign = sort.StartsWith('-') ? -1 : 1;
        return all.OrderBy(t => Key(t) is null).ThenBy(t => Key(t) * sign).ThenBy(t => t.Int("number")).Select(t => t.Int("number"));
    }
}
