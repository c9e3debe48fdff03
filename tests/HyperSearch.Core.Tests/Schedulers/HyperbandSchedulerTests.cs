using HyperSearch.Core.Leaderboards;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Tests.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Schedulers;

public sealed class HyperbandSchedulerTests
{
    [Theory]
    [InlineData(27, 49, "27@1 9@3 3@9 1@27 | 12@3 4@9 1@27 | 6@9 2@27 | 4@27")]
    [InlineData(9, 17, "9@1 3@3 1@9 | 5@3 1@9 | 3@9")]
    [InlineData(1, 1, "1@1")]
    public void Run_NothingFails_RunsTheGoldenTable(int max, int trials, string table)
    {
        StudyDriver study = Of(max, trials);
        study.RunAll(n => n);
        Table(study).ShouldBe(table);
        (study.Study.State, study.Study.Created).ShouldBe((StudyState.Completed, trials));
        // Every bracket's winner is its first number.
        study.Host.Searched.Where(t => t.State == TrialState.Completed && t.Bracket < study.Study.Rungs.Max(r => r.Bracket))
            .GroupBy(t => t.Bracket).ShouldAllBe(b => b.Min(t => t.Number) == study.Host.Searched.Where(t => t.Bracket == b.Key).Min(t => t.Number));
    }

    [Fact]
    public void Place_Numbers_AreFixedBeforehandBracketAfterBracket()
    {
        IScheduler scheduler = SchedulerCatalog.Create(Of(27, 49).Host.Spec);
        Enumerable.Range(0, 49).Select(n => scheduler.Place(n, 27)).Select(p => (p.Bracket, p.Rung, p.ToEpoch)).ShouldBe(
            [.. Enumerable.Repeat<(int?, int?, int)>((0, 0, 1), 27), .. Enumerable.Repeat<(int?, int?, int)>((1, 0, 3), 12),
             .. Enumerable.Repeat<(int?, int?, int)>((2, 0, 9), 6), .. Enumerable.Repeat<(int?, int?, int)>((3, 0, 27), 4)]);
    }

    [Fact]
    public void Next_EarlierBracketHasWork_ComesFirst()
    {
        StudyDriver study = Of(9, 17);
        List<Trial> first = study.AssignNew(9);
        Trial second = study.Assign();
        (second.Number, second.Bracket).ShouldBe((9, 1));
        first.ForEach(t => study.Complete(t, t.Number));
        // Rung 0 of the first bracket has decided: its three go on before the second bracket gets more.
        study.Host.TryNext(out int? number).ShouldBeTrue();
        number.ShouldBe(0);
    }

    [Fact]
    public void Next_WaitingInEveryBracket_TakesTheEarliestAndItsBestFirst()
    {
        StudyDriver study = Of(9, 17);
        List<Trial> all = study.AssignNew(17);
        all.Skip(9).ToList().ForEach(t => study.Return(t));
        all.Take(9).ToList().ForEach(t => study.Complete(t, -t.Number));
        List<int> order = [];
        while (study.Host.TryNext(out int? number))
        {
            order.Add(study.Assign(number).Number);
        }

        order.ShouldBe([8, 7, 6, 9, 10, 11, 12, 13, 14, 15, 16]);
    }

    [Fact]
    public void Fail_OneOfABracket_NeverBlocksItOrAnother()
    {
        StudyDriver study = Of(9, 17);
        List<Trial> all = study.AssignNew(17);
        study.Fail(all[0]);
        all.Skip(1).ToList().ForEach(t => study.Complete(t, t.Number));
        study.RunAll(n => n);
        Table(study).ShouldBe("8@1 3@3 1@9 | 5@3 1@9 | 3@9");
        study.Study.State.ShouldBe(StudyState.Completed);
    }

    [Fact]
    public void EnqueueAndRaise_AreClosed()
    {
        StudyDriver study = Of(9, 17);
        study.Host.Rules.EnqueueClosed(study.Study).ShouldNotBeNull();
        study.Host.Rules.RaiseClosed(study.Study).ShouldNotBeNull();
    }

    [Fact]
    public void Ranked_PrunedOfALaterBracket_StandsByItsEpochs()
    {
        StudyDriver study = Of(9, 17);
        study.AssignNew(17).ForEach(t => study.Complete(t, 17 - t.Number));
        List<int> order = [.. study.Host.Searched.AsQueryable().Ranked().Where(t => t.State == TrialState.Pruned).Select(t => t.Number)];
        // Bracket 1 compared at three epochs, bracket 0 at one.
        order.Take(4).ShouldBe([12, 11, 10, 9]);
    }

    private static StudyDriver Of(int max, int trials)
    {
        StudySpec halving = Specs.Halving(trials, 1, max);
        return new(halving with { Algorithm = halving.Algorithm with { Name = AlgorithmCatalog.Hyperband }, Baseline = false, Dataset = null });
    }

    private static string Table(StudyDriver study) => string.Join(" | ", study.Study.Rungs.GroupBy(r => r.Bracket).OrderBy(b => b.Key)
        .Select(b => string.Join(' ', b.OrderBy(r => r.Index).Select(r => $"{r.Ended}@{r.Epochs}"))));
}
