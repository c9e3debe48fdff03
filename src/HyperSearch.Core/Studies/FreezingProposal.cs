using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Studies;

/// <summary>
/// Which depths of freezing a probe speaks for. Depths within one standard error of the best are as good as the best: the
/// one-standard-error rule (Breiman, Friedman, Olshen and Stone: Classification and Regression Trees, 1984, section 3.4.3).
/// <para>
/// Freezing k blocks fixes the features after block k; everything behind is trained. Behind the deepest depth that is still as
/// good as the best, features have begun to serve the source's task alone (Yosinski et al.: How transferable are features in
/// deep neural networks?, 2014): freezing further would fix features that separate worse. So that depth is the most that the
/// proposal freezes, and the more alike source and target are, the deeper it lies. The least is 0: a probe of fixed features
/// cannot tell whether training them would make them better still, and with enough examples it often does (Kornblith et al.:
/// Do better ImageNet models transfer better?, 2019).
/// </para>
/// </summary>
/// <param name="SeparatesAt">The smallest depth that is as good as the best: from here on the classes are as separable as they get.</param>
/// <param name="Min">The fewest frozen blocks worth a trial.</param>
/// <param name="Max">The most frozen blocks worth a trial.</param>
public sealed record FreezingProposal(int SeparatesAt, int Min, int Max)
{
    /// <summary>The proposal that follows from scores.</summary>
    /// <param name="depths">At least one score. Of equally good depths the smallest is the best; without a standard error only as good as the best is as good.</param>
    /// <exception cref="InvalidOperationException">There is no score.</exception>
    public static FreezingProposal Of(IReadOnlyList<DepthScore> depths)
    {
        DepthScore best = depths.OrderByDescending(d => d.Value).ThenBy(d => d.Blocks).First();
        int[] asGood = [.. depths.Where(d => d.Value >= best.Value - (best.StandardError ?? 0)).Select(d => d.Blocks)];
        return new(asGood.Min(), 0, asGood.Max());
    }

    /// <summary>The warning that a study freezes further than is proposed, or null. The study is searched as its user wrote it.</summary>
    /// <param name="space">The study's search space.</param>
    public ValidationWarning? Compare(SearchSpace space)
    {
        Hyperparameter frozen = HyperparameterCatalog.FrozenBlocks;
        double? searched = space.Domains.FirstOrDefault(d => d.Hyperparameter == frozen)?.Largest;
        double most = searched ?? space.Constants.FrozenBlocks;
        return most <= Max ? null : new(WarningCode.FrozenBeyondProbe, JsonPointer.Member("/" + SpaceReader.Field, frozen.Name), FormattableString.Invariant(
            $"The probe proposes {frozen.Name} from {Min} to {Max}: the features after more blocks separate the classes worse. The study {(searched is null ? "has" : "goes up to")} {most}."));
    }
}
