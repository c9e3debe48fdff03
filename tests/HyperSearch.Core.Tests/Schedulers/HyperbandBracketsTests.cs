using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using HyperSearch.Core.Schedulers;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.Tests.Schedulers;

public sealed class HyperbandBracketsTests
{
    private static readonly Gen<(Ladder Ladder, int Eta)> Ladders = Gen.Select(Gen.Int[1, 10_000], Gen.Int[1, 10_000], Gen.Int[2, 16])
        .Select((a, b, eta) => (Ladder.Create(Math.Min(a, b), Math.Max(a, b), eta), eta));

    [Theory]
    [InlineData(1, 27, 3, "27/9/3/1 12/4/1 6/2 4", 49)]
    [InlineData(1, 81, 3, "81/27/9/3/1 34/11/3/1 15/5/1 8/2 5", 143)]
    [InlineData(1, 243, 3, "243/81/27/9/3/1 98/32/10/3/1 41/13/4/1 18/6/2 9/3 6", 415)]
    [InlineData(1, 10, 3, "9/3/1 5/1 3", 17)]
    [InlineData(3, 3, 3, "1", 1)]
    [InlineData(1, 2, 3, "3/1 2", 5)]
    [InlineData(1, 1000, 10, "1000/100/10/1 134/13/1 20/2 4", 1158)]
    public void Create_Ladder_HasThePublishedBrackets(int r, int most, int eta, string expected, int trials)
    {
        ImmutableArray<HyperbandBracket> brackets = HyperbandBrackets.Create(Ladder.Create(r, most, eta), eta);
        Show(brackets).ShouldBe(expected);
        brackets.Sum(b => b.Trials[0]).ShouldBe(trials);
    }

    [Fact]
    public void Create_OneToTwentySeven_NumbersBracketAfterBracket()
    {
        ImmutableArray<HyperbandBracket> brackets = HyperbandBrackets.Create(Ladder.Create(1, 27, 3), 3);
        brackets.Select(b => b.FirstNumber).ShouldBe([0, 27, 39, 45]);
        brackets.Select(b => b.FirstRung).ShouldBe([0, 1, 2, 3]);
        brackets.Select(b => string.Join(' ', b.Epochs)).ShouldBe(["1 3 9 27", "3 9 27", "9 27", "27"]);
    }

    [Theory]
    [InlineData(48, "27/9/3/1 12/4/1 6/2 3")]
    [InlineData(45, "27/9/3/1 12/4/1 6/2")]
    [InlineData(40, "27/9/3/1 12/4/1 1/1")]
    [InlineData(28, "27/9/3/1 1/1/1")]
    [InlineData(10, "10/3/1/1")]
    [InlineData(1, "1/1/1/1")]
    public void Create_FewerTrials_TakesThemFromTheLastBrackets(int trials, string expected) =>
        Show(HyperbandBrackets.Create(Ladder.Create(1, 27, 3), 3, trials)).ShouldBe(expected);

    [Fact]
    public void Create_AnyLadder_FollowsTheFormula() => Ladders.Sample(l =>
    {
        ImmutableArray<HyperbandBracket> brackets = HyperbandBrackets.Create(l.Ladder, l.Eta);
        brackets.Length.ShouldBe(l.Ladder.Count);
        int next = 0;
        foreach (HyperbandBracket bracket in brackets)
        {
            // The least n with n * (s + 1) >= K * eta^s.
            int s = l.Ladder.Count - 1 - bracket.FirstRung;
            BigInteger wanted = l.Ladder.Count * BigInteger.Pow(l.Eta, s);
            ((BigInteger)bracket.Trials[0] * (s + 1)).ShouldBeGreaterThanOrEqualTo(wanted);
            ((BigInteger)(bracket.Trials[0] - 1) * (s + 1)).ShouldBeLessThan(wanted);
            bracket.FirstNumber.ShouldBe(next);
            next += bracket.Trials[0];
            bracket.Epochs.ShouldBe(l.Ladder.Epochs.Skip(bracket.FirstRung));
            bracket.Trials.Length.ShouldBe(s + 1);
            bracket.Trials.Zip(bracket.Trials.Skip(1)).ShouldAllBe(p => p.Second == Math.Max(1, p.First / l.Eta));
        }
    }, iter: 2_000);

    [Fact]
    public void Create_AnyFewerTrials_KeepsNumbersAndEarlierBrackets() => Gen.Select(Ladders, Gen.Int[0, int.MaxValue]).Sample((l, pick) =>
    {
        ImmutableArray<HyperbandBracket> planned = HyperbandBrackets.Create(l.Ladder, l.Eta);
        int trials = 1 + (pick % planned.Sum(b => b.Trials[0]));
        ImmutableArray<HyperbandBracket> brackets = HyperbandBrackets.Create(l.Ladder, l.Eta, trials);
        brackets.Sum(b => b.Trials[0]).ShouldBe(trials);
        brackets.ShouldAllBe(b => b.Trials[0] >= 1);
        brackets.Select(b => (b.FirstNumber, b.FirstRung)).ShouldBe(planned.Take(brackets.Length).Select(b => (b.FirstNumber, b.FirstRung)));
        Show(brackets[..^1]).ShouldBe(Show(planned[..(brackets.Length - 1)]));
    }, iter: 2_000);

    [Fact]
    public void Create_LargestLadderOfEveryFactor_HasFewEnoughTrials()
    {
        // The trials grow with the rungs, and no ladder of a request has more than 1..10,000.
        foreach (int eta in Enumerable.Range(2, 15))
        {
            HyperbandBrackets.Create(Ladder.Create(1, 10_000, eta), eta).Sum(b => b.Trials[0]).ShouldBeLessThan(StudyFields.MostTrials / 2);
        }
    }

    [Fact]
    public void Create_TooManyTrials_Throws()
    {
        Should.Throw<ArgumentException>(() => HyperbandBrackets.Create(Ladder.Create(1, int.MaxValue, 2), 2)).Message.ShouldContain("100000");
        Should.Throw<ArgumentException>(() => HyperbandBrackets.Create(Ladder.Create(1, int.MaxValue, 2), int.MaxValue)).Message.ShouldContain("100000");
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, 0)]
    [InlineData(3, 50)]
    public void Create_OutOfRange_Throws(int eta, int? trials) =>
        Should.Throw<ArgumentOutOfRangeException>(() => HyperbandBrackets.Create(Ladder.Create(1, 27, 3), eta, trials));

    private static string Show(IEnumerable<HyperbandBracket> brackets) => string.Join(' ', brackets.Select(b => string.Join('/', b.Trials)));
}
