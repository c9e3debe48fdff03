using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;
using HyperSearch.Core.Simulation;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;

namespace HyperSearch.Core.Tests.Simulation;

/// <summary>What users do to a study at random moments: verbs, known configurations, cancels and retries of trials, patches.</summary>
internal sealed class UserActs(SimulationSettings settings)
{
    private readonly HashSet<int> _revived = [];
    private readonly RandomSampler _anywhere = new(settings.Spec.Space, settings.Spec.Seed + 1);
    private readonly ISampler _own = SamplerCatalog.Create(settings.Spec);

    private StudySpec Spec => settings.Spec;

    /// <summary>Whether a user tried the failed trial again; then it does not fail any more.</summary>
    public bool IsRevived(int number) => _revived.Contains(number);

    public IReadOnlyList<(double Second, Func<StudyHost, StudyInput?> Act)> All() =>
    [
        .. Enumerable.Range(0, settings.Verbs).SelectMany(Verb),
        .. Many("enqueue", settings.Enqueues, Enqueue),
        .. Many("trial", settings.TrialVerbs, TrialVerbOn),
        .. Many("patch", settings.Patches, Patch),
    ];

    private IEnumerable<(double Second, Func<StudyHost, StudyInput?> Act)> Many(string what, int count, Func<StudyHost, int, StudyInput?> act) =>
        Enumerable.Range(0, count).Select(i => (Moment(what, i), (Func<StudyHost, StudyInput?>)(host => act(host, i))));

    /// <summary>A pause ends again.</summary>
    private IEnumerable<(double Second, Func<StudyHost, StudyInput?> Act)> Verb(int verb)
    {
        double draw = Draw("verb", verb);
        double at = Moment("verb", verb);
        StudyVerb given = draw < 0.6 ? StudyVerb.Pause : draw < 0.8 ? StudyVerb.Resume : draw < 0.9 ? StudyVerb.Stop : StudyVerb.Cancel;
        yield return (at, _ => new StudyInput.VerbGiven(given));
        if (given == StudyVerb.Pause)
        {
            yield return (at + (3 * Draw("pause", verb)), _ => new StudyInput.VerbGiven(StudyVerb.Resume));
        }
    }

    /// <summary>A configuration of the sampler's, one of the space, or one outside of it; the host refuses those that a trial has.</summary>
    private StudyInput.Enqueued? Enqueue(StudyHost host, int i)
    {
        int number = (int)(Draw("enqueued", i) * Math.Min(Spec.Trials, SamplerCatalog.DistinctConfigurations(Spec.Space, "random") ?? Spec.Trials));
        ParameterSet known = Draw("whose", i) switch
        {
            < 0.4 => _own.Propose(number, TrialHistory.Empty).Parameters,
            < 0.7 => _anywhere.Propose(number, TrialHistory.Empty).Parameters,
            _ => Spec.Space.Constants.With(HyperparameterCatalog.WeightDecay, Draw("decay", i)).Normalize(),
        };
        return host.Has(known) ? null : new(known);
    }

    /// <summary>Retries a failed trial if there is one that may; else cancels any.</summary>
    private StudyInput.TrialVerbGiven? TrialVerbOn(StudyHost host, int i)
    {
        if (Draw("retry", i) < 0.5 && host.Trials.Values.FirstOrDefault(t => StudyRules.Check(host.Study, t, TrialVerb.Retry) == VerbOutcome.Changed) is { } failed)
        {
            _revived.Add(failed.Number);
            return new(failed.Number, TrialVerb.Retry);
        }

        IReadOnlyList<Trial> all = [.. host.Trials.Values];
        return all.Count == 0 ? null : new(all[(int)(Draw("cancelled", i) * all.Count)].Number, TrialVerb.Cancel);
    }

    private StudyInput.Patched Patch(StudyHost host, int i) => Draw("what", i) < 0.5
        ? new(host.Study.MaxTrials + (int)(4 * Draw("more", i)), false, null, null)
        : new(null, true, Draw("parallel", i) < 0.3 ? null : 1 + (int)(4 * Draw("parallel", i)), i);

    private double Moment(string what, int i) => 0.7 * Spec.Trials * Spec.Space.Constants.Epochs / settings.Workers * Draw(what + "_at", i);

    private double Draw(string what, int i) => StableMix.Unit(StableMix.Hash(settings.OrderSeed, what, i));
}
