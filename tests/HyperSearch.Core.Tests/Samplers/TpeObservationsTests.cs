using CsCheck;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.SearchSpaces;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Samplers;

public sealed class TpeObservationsTests
{
    // The batch size is the number, so that a coordinate tells which trial it is.
    private static readonly CellSpace Space = CellSpace.OfRandom(new SearchSpace
    {
        Domains = [new ParameterDomain.Ranged(HyperparameterCatalog.BatchSize, 1, 4096, false, null, null)],
        Constants = ModelFamilyCatalog.Synthetic.Defaults,
    });

    [Fact]
    public void Split_EveryState_OrdersCompletedThenRungsThenDiverged()
    {
        Trial[] trials =
        [
            Trial(TrialState.Pruned, 0, 0.1, epochs: 1),
            Trial(TrialState.Pruned, 1, 0.2, epochs: 3),
            Trial(TrialState.Paused, 2, 0.1, epochs: 3),
            Trial(TrialState.Completed, 3, 0.9, epochs: 9),
            Trial(TrialState.Completed, 4, 0.5, epochs: 2),
            Trial(TrialState.Pruned, 5, null),
            Trial(TrialState.Completed, 6, null),
            Trial(TrialState.Paused, 7, 0.05, epochs: 1),
        ];
        TrialHistory history = Histories.Of(trials);
        history.Ranked.Select(o => o.Number).ShouldBe([4, 3, 2, 1, 7, 0]);
        history.Finished.ShouldBe(8);
    }

    [Fact]
    public void Split_RunningFailedAndCancelled_AreBadOrLeftOut()
    {
        Trial[] trials =
        [
            Trial(TrialState.Waiting, 0, null), Trial(TrialState.Dispatched, 1, null), Trial(TrialState.Running, 2, 0.001),
            Trial(TrialState.Failed, 3, 0.001), Trial(TrialState.Cancelled, 4, null),
            .. Enumerable.Range(5, 11).Select(n => Trial(TrialState.Completed, n, n)),
        ];
        TrialHistory history = Histories.Of(trials);
        history.Finished.ShouldBe(11);
        (int[] good, int[] bad) = Split(history);
        good.ShouldBe([5, 6]);
        bad.ShouldBe([0, 1, 2, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    }

    [Fact]
    public void Split_AllDiverged_HasNoGoodOne()
    {
        (int[] good, int[] bad) = Split(Histories.Of(Enumerable.Range(0, 12).Select(n => Trial(TrialState.Pruned, n, null))));
        good.ShouldBeEmpty();
        bad.Length.ShouldBe(12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(240, 24)]
    [InlineData(241, 25)]
    [InlineData(900, 25)]
    public void Split_AnyNumber_TakesTheBestTenthAtMostTwentyFive(int trials, int expected) =>
        Split(Histories.Of(Enumerable.Range(0, trials).Select(n => Trial(TrialState.Completed, n, n * 37 % 1_009)))).Good.Length.ShouldBe(expected);

    [Fact]
    public void Split_OrderOfArrival_IsBySequenceThenNumber()
    {
        Trial[] trials = [.. Enumerable.Range(0, 20).Select(n => Trial(TrialState.Completed, n, n < 2 ? n : 100 - n, sequence: n / 2 * 7 % 10))];
        (int[] good, int[] bad) = Split(Histories.Of(trials));
        int[] expected = [.. trials.OrderBy(t => t.HistorySequence).ThenBy(t => t.Number).Select(t => t.Number)];
        good.ShouldBe(expected.Where(n => n < 2));
        bad.ShouldBe(expected.Where(n => n >= 2));
    }

    [Fact]
    public void Split_MoreThanAThousand_TakesTheBestHundredAndTheNewest()
    {
        Trial[] trials = [.. Enumerable.Range(0, 3_000).Select(n => Trial(TrialState.Completed, n, n * 1_009 % 3_001, sequence: n + 1))];
        (int[] good, int[] bad) = Split(Histories.Of(trials));
        int[] best = [.. trials.OrderBy(t => t.Loss).Take(100).Select(t => t.Number)];
        int[] newest = [.. Enumerable.Range(0, 3_000).Reverse().Where(n => !best.Contains(n)).Take(900)];
        good.ShouldBe(best.Take(25).Order());
        bad.ShouldBe(best.Skip(25).Concat(newest).Order());
    }

    [Fact]
    public void Update_AnyOrderAndRepetition_EqualsWhatTheLastStatesSay() => Gen.Select(Gen.Int[0, 15], Gen.Int[0, 9], Gen.Int[1, 3], Gen.Int[0, 5])
        .Array[1, 60].Sample(steps =>
        {
            TrialHistory history = TrialHistory.Empty;
            Dictionary<int, Trial> last = [];
            for (int i = 0; i < steps.Length; i++)
            {
                (int number, int state, int epochs, int loss) = steps[i];
                Trial trial = Trial(state < 8 ? (TrialState)state : state == 8 ? TrialState.Pruned : TrialState.Completed, number, state < 8 ? loss : null, epochs, i);
                last[number] = trial;
                history.Update(trial);
                history.Update(trial);
            }

            TrialHistory fresh = Histories.Of(last.Values.OrderByDescending(t => t.Number));
            history.Finished.ShouldBe(fresh.Finished);
            history.Finished.ShouldBe(last.Values.Count(t => t.State is TrialState.Paused or TrialState.Pruned or TrialState.Completed));
            history.Ranked.ShouldBe(fresh.Ranked);
            history.Arrived.ShouldBe(fresh.Arrived);
            history.Arrived.Count.ShouldBe(last.Values.Count(t => t.State is not (TrialState.Failed or TrialState.Cancelled)));
        }, iter: 200);

    private static Trial Trial(TrialState state, int number, double? loss, int epochs = 1, long sequence = 0) =>
        Histories.In(state, number, Space.Of(_ => number + 1), loss, epochs, sequence);

    private static (int[] Good, int[] Bad) Split(TrialHistory history)
    {
        TpeObservations observations = new(Space);
        observations.Split(history);
        return ([.. observations.Good.Select(Number)], [.. observations.Bad.Select(Number)]);
    }

    private static int Number(double[] point) => (int)Space.Axes[0].FromUnit(point[0]) - 1;
}
