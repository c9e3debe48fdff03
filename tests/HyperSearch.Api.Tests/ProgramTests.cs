using System.Net;
using HyperSearch.Api.Persistence;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests;

/// <summary>The executable's own composition.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hypersearch-program-");

    private string ConnectionString => $"Data Source={Path.Combine(folder.FullName, "test.db")}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Start_OnTheNewestSchema_Serves()
    {
        using SearchDbs dbs = new(new DatabaseOptions { ConnectionString = ConnectionString });
        await using (SearchDb db = dbs.Read())
        {
            await db.Database.MigrateAsync(Cancellation);
        }

        await using WebApplicationFactory<ApiHost> program = NewProgram();
        using HttpClient http = program.CreateClient();
        using HttpResponseMessage answer = await http.GetAsync("/health/live", Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_OnAnOlderSchema_IsRefusedWithTheRemedy()
    {
        await using WebApplicationFactory<ApiHost> program = NewProgram();

        Should.Throw<Exception>(() => program.CreateClient()).ToString().ShouldContain("--migrate");
    }

    private WebApplicationFactory<ApiHost> NewProgram() => new WebApplicationFactory<ApiHost>().WithWebHostBuilder(host =>
    {
        host.UseSetting("Database:ConnectionString", ConnectionString);
        host.UseSetting("Artifacts:Folder", Path.Combine(folder.FullName, "artifacts"));
    });
}
