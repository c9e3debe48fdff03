using HyperSearch.Api.Coordination;
using HyperSearch.Api.Persistence;

namespace HyperSearch.Api.Tests.Persistence;

public sealed class SqliteStorageTests : StorageSuite
{
    protected override Dictionary<string, string?> Database => new() { ["Database:Provider"] = "sqlite" };

    [Fact]
    public async Task Writers_AfterAStudysTransaction_StillWaitForEachOther()
    {
        string id = await Api.NewStudyAsync(Bodies.Synthetic());
        await Api.Get<StudyTransactions>().RunAsync(id, _ => Task.FromResult(true), Cancellation);
        SearchDbs dbs = Api.Get<SearchDbs>();
        await using WriteTransaction first = await dbs.WriteAsync(Cancellation);

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<WriteTransaction> second = dbs.WriteAsync(end.Token);
        bool early = await Task.WhenAny(second, Task.Delay(200, Cancellation)) == second;
        await end.CancelAsync();

        early.ShouldBeFalse();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
    }
}
