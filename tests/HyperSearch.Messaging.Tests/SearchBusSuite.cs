namespace HyperSearch.Messaging.Tests;

/// <summary>What holds on either transport.</summary>
public abstract class SearchBusSuite
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract BusOptions Create();

    [Fact]
    public async Task PublishTo_OneOfTwoWorkers_ReachesThatOneAlone()
    {
        (Guid first, Guid second) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Inbox mine = new();
        Inbox other = new();
        await using BusHost host = await BusHost.StartAsync(Create(), null, (first, mine), (second, other));

        await host.Bus.PublishTo(first, Samples.Run(1), Cancellation);
        await host.Bus.PublishTo(second, Samples.Run(2), Cancellation);

        (await mine.NextAsync<RunTrial>()).ShouldBe(Samples.Run(1));
        (await other.NextAsync<RunTrial>()).ShouldBe(Samples.Run(2));
        (mine.IsEmpty && other.IsEmpty).ShouldBeTrue();
    }

    [Fact]
    public async Task PublishRequired_Event_ArrivesWithEveryField()
    {
        Inbox events = new();
        TrialEvent sent = Samples.Event();
        await using BusHost host = await BusHost.StartAsync(Create(), events);

        await host.Bus.PublishRequired(new TrialEvents([sent]), Cancellation);

        TrialEvent got = (await events.NextAsync<TrialEvents>()).Events.ShouldHaveSingleItem();
        got.Attempt.ShouldBe(sent.Attempt);
        got.Incarnation.ShouldBe(sent.Incarnation);
        got.Completed!.Reports.ShouldBe(sent.Completed!.Reports);
        (got.Completed with { Reports = sent.Completed.Reports }).ShouldBe(sent.Completed);
    }

    [Fact]
    public async Task PublishTo_ManyCommands_AllArriveOnce()
    {
        Guid incarnation = Guid.CreateVersion7();
        Inbox inbox = new();
        await using BusHost host = await BusHost.StartAsync(Create(), null, (incarnation, inbox));

        for (int i = 0; i < 50; i++)
        {
            await host.Bus.PublishTo(incarnation, Samples.Run(i), Cancellation);
        }

        List<int> numbers = [];
        for (int i = 0; i < 50; i++)
        {
            numbers.Add((await inbox.NextAsync<RunTrial>()).Attempt.Number);
        }

        numbers.Order().ShouldBe(Enumerable.Range(0, 50));
    }
}
