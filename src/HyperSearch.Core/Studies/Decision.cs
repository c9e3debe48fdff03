using System.Text.Json.Serialization;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Studies;

/// <summary>
/// What the rules decide on an input. Those about one trial are already applied to it; <see cref="Promote"/>,
/// <see cref="PrunePaused"/>, <see cref="EndOpen"/>, <see cref="CancelAll"/> and <see cref="Score"/> speak of many and are carried out by the host, set-based.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Create), "create")]
[JsonDerivedType(typeof(Assign), "assign")]
[JsonDerivedType(typeof(AwaitRung), "await_rung")]
[JsonDerivedType(typeof(Complete), "complete")]
[JsonDerivedType(typeof(Prune), "prune")]
[JsonDerivedType(typeof(Return), "return")]
[JsonDerivedType(typeof(Fail), "fail")]
[JsonDerivedType(typeof(Promote), "promote")]
[JsonDerivedType(typeof(GoOn), "go_on")]
[JsonDerivedType(typeof(Stop), "stop")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(PrunePaused), "prune_paused")]
[JsonDerivedType(typeof(ChooseCandidates), "choose_candidates")]
[JsonDerivedType(typeof(RunAgain), "run_again")]
[JsonDerivedType(typeof(RankCandidates), "rank_candidates")]
[JsonDerivedType(typeof(EndOpen), "end_open")]
[JsonDerivedType(typeof(CancelAll), "cancel_all")]
[JsonDerivedType(typeof(Enter), "enter")]
[JsonDerivedType(typeof(ProposeFreezing), "propose_freezing")]
[JsonDerivedType(typeof(Score), "score")]
[JsonDerivedType(typeof(Finish), "finish")]
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>A trial comes into being.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Cell">Its grid cell, or null.</param>
    /// <param name="Configuration">Its configuration's fingerprint in hexadecimal: a replay must propose the same.</param>
    public sealed record Create(int Number, int? Cell, string Configuration) : Decision;

    /// <summary>A trial goes to a worker.</summary>
    /// <param name="Number">The trial.</param>
    /// <param name="Attempt">The new attempt.</param>
    /// <param name="FromEpoch">Finished epochs it starts from.</param>
    /// <param name="ToEpoch">Finished epochs at the end of the segment.</param>
    public sealed record Assign(int Number, int Attempt, int FromEpoch, int ToEpoch) : Decision;

    /// <summary>A trial waits at its rung to be compared.</summary>
    /// <param name="Number">The trial.</param>
    public sealed record AwaitRung(int Number) : Decision;

    /// <summary>A trial is complete.</summary>
    /// <param name="Number">The trial.</param>
    public sealed record Complete(int Number) : Decision;

    /// <summary>A trial ends early.</summary>
    /// <param name="Number">The trial.</param>
    /// <param name="Diverged">Whether because a loss was not finite.</param>
    public sealed record Prune(int Number, bool Diverged) : Decision;

    /// <summary>A trial goes back to be assigned again.</summary>
    /// <param name="Number">The trial.</param>
    /// <param name="Lost">Whether that counts as a lost attempt.</param>
    public sealed record Return(int Number, bool Lost) : Decision;

    /// <summary>A trial has failed.</summary>
    /// <param name="Number">The trial.</param>
    /// <param name="Kind">Why.</param>
    public sealed record Fail(int Number, FailureKind Kind) : Decision;

    /// <summary>A rung has decided: its best paused trials wait for the next rung, its other paused trials are pruned.</summary>
    /// <param name="Bracket">The ladder.</param>
    /// <param name="Rung">The level that is decided.</param>
    /// <param name="Count">How many go on.</param>
    /// <param name="ToEpoch">Where their segments end.</param>
    public sealed record Promote(int Bracket, int Rung, int Count, int ToEpoch) : Decision;

    /// <summary>One paused trial goes on to the next rung, from its checkpoint.</summary>
    /// <param name="Number">The trial.</param>
    /// <param name="Rung">The level that it leaves.</param>
    /// <param name="ToEpoch">Where its segment ends.</param>
    public sealed record GoOn(int Number, int Rung, int ToEpoch) : Decision;

    /// <summary>A stopping rule ends a running trial; its worker is told.</summary>
    /// <param name="Number">The trial.</param>
    public sealed record Stop(int Number) : Decision;

    /// <summary>A user ends one trial; a worker that runs it is told.</summary>
    /// <param name="Number">The trial.</param>
    public sealed record Cancel(int Number) : Decision;

    /// <summary>Nothing is compared any more: paused trials are pruned.</summary>
    public sealed record PrunePaused : Decision;

    /// <summary>The host looks up the best completed trials and answers with <see cref="StudyInput.CandidatesChosen"/>.</summary>
    /// <param name="Top">How many of the best.</param>
    /// <param name="Baseline">The number of the baseline, which is a candidate if it has a value.</param>
    public sealed record ChooseCandidates(int Top, int Baseline) : Decision;

    /// <summary>Candidates run again in full with fresh seeds: one new trial per candidate and seed, numbered in this order.</summary>
    /// <param name="Numbers">The candidates, best first.</param>
    /// <param name="FirstNumber">The number of the first new trial.</param>
    /// <param name="Seeds">The training seeds.</param>
    public sealed record RunAgain(IReadOnlyList<int> Numbers, int FirstNumber, IReadOnlyList<long> Seeds) : Decision
    {
        /// <summary>The new trials.</summary>
        /// <param name="study">The study.</param>
        /// <param name="candidates">The candidates' rows, by number.</param>
        /// <param name="now">The time of creation.</param>
        public IEnumerable<Trial> Runs(Study study, IReadOnlyDictionary<int, Trial> candidates, DateTimeOffset now) => Numbers
            .SelectMany(number => Seeds, (number, seed) => (Of: candidates[number], Seed: seed))
            .Select((run, i) => new Trial(study.Id, FirstNumber + i, run.Of.Parameters, run.Seed, now, run.Of.Number))
            .ToList();

        /// <inheritdoc/>
        public bool Equals(RunAgain? other) => other is not null && FirstNumber == other.FirstNumber
            && Numbers.SequenceEqual(other.Numbers) && Seeds.SequenceEqual(other.Seeds);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(FirstNumber, Numbers.Count, Seeds.Count);
    }

    /// <summary>The host looks up the values of the runs and answers with <see cref="StudyInput.CandidatesRead"/>.</summary>
    public sealed record RankCandidates : Decision;

    /// <summary>No segment starts any more: waiting trials are cancelled, paused ones pruned.</summary>
    /// <param name="Reason">Why the study ends.</param>
    public sealed record EndOpen(StopReason Reason) : Decision;

    /// <summary>Every trial that is not final is cancelled.</summary>
    public sealed record CancelAll : Decision;

    /// <summary>The study changes its state without ending.</summary>
    /// <param name="State">The new state.</param>
    public sealed record Enter(StudyState State) : Decision;

    /// <summary>The probe proposes how many blocks to freeze; the search space stays as it is.</summary>
    /// <param name="Proposal">What it proposes.</param>
    public sealed record ProposeFreezing(FreezingProposal Proposal) : Decision;

    /// <summary>Models are scored on the test split.</summary>
    /// <param name="Numbers">The winner and, if it completed, the baseline.</param>
    public sealed record Score(IReadOnlyList<int> Numbers) : Decision
    {
        /// <inheritdoc/>
        public bool Equals(Score? other) => other is not null && Numbers.SequenceEqual(other.Numbers);

        /// <inheritdoc/>
        public override int GetHashCode() => Numbers.Count;
    }

    /// <summary>The study has ended.</summary>
    /// <param name="State">The final state.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Finish(StudyState State, StopReason Reason) : Decision;
}
