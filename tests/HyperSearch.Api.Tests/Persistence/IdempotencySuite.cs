using System.Net;
using HyperSearch.Api.Persistence;
using HyperSearch.Api.Studies;
using Microsoft.EntityFrameworkCore;

namespace HyperSearch.Api.Tests.Persistence;

/// <summary>Creations that are repeated, race or crash leave one study or none.</summary>
public abstract class IdempotencySuite : DatabaseSuite
{
    [Fact]
    public async Task Create_EqualRequestsAtTheSameTime_GiveOneStudy()
    {
        string body = Bodies.Synthetic();
        string key = Guid.NewGuid().ToString();

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Api.CreateAsync(body, key: key)));

        string[] bodies = await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync(Cancellation)));
        answers.Select(a => a.StatusCode).ShouldAllBe(s => s == HttpStatusCode.Created, bodies[0]);
        bodies.Distinct().ShouldHaveSingleItem();
        answers.Count(a => !a.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);
        answers.Select(a => $"{a.Headers.Location} {a.Headers.ETag}").Distinct().ShouldHaveSingleItem();
        await Api.CreateAsync(body + " ", key: key).ShouldFailAsync(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Create_SameNameAtTheSameTime_IsTakenOnce()
    {
        string body = Bodies.Synthetic();

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Api.CreateAsync(body)));
        HttpResponseMessage[] returned = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Api.CreateAsync(body, "?if_exists=return")));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Conflict).ShouldBe(7);
        returned.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Create_EqualRequestInFlight_Is409AndWorksOnceItHasVanished()
    {
        string body = Bodies.Synthetic();
        string key = Guid.NewGuid().ToString();
        await using (WriteTransaction crashed = await Dbs.WriteAsync(Cancellation))
        {
            IdempotencyKey row = new() { Key = key, RequestHash = "", StudyId = "st_x", Answer = "", CreatedAt = await crashed.Db.Sql.NowAsync(crashed.Db, TimeProvider.System, Cancellation) };
            (await crashed.Db.Sql.TryInsertKeyAsync(crashed.Db, row, Cancellation)).ShouldBeTrue();

            await Api.CreateAsync(body, key: key).ShouldFailAsync(409, "request-in-flight");
        }

        await Api.CreateAsync(body, key: key).ShouldAnswerAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Create_KeyOfYesterday_IsForgotten()
    {
        string key = Guid.NewGuid().ToString();
        await Api.CreateAsync(Bodies.Synthetic(), key: key).ShouldAnswerAsync(HttpStatusCode.Created);
        DateTimeOffset yesterday = TimeProvider.System.GetUtcNow().AddHours(-25);
        await WriteAsync(db => db.IdempotencyKeys.Where(k => k.Key == key).ExecuteUpdateAsync(set => set.SetProperty(k => k.CreatedAt, yesterday), Cancellation));

        using HttpResponseMessage again = await Api.CreateAsync(Bodies.Synthetic(), key: key);

        again.StatusCode.ShouldBe(HttpStatusCode.Created);
        again.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
    }
}
