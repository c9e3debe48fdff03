namespace HyperSearch.Core.Studies;

/// <summary>One rung of a plan.</summary>
/// <param name="Epochs">Epochs at which its trials are compared.</param>
/// <param name="Trials">Trials that get there when none fails or diverges.</param>
public sealed record PlanRung(int Epochs, int Trials);
