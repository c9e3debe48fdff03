using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;
using HyperSearch.Worker.Slots;

namespace HyperSearch.Worker.Segments;

/// <summary>A job with its study and parameters read.</summary>
internal sealed record Segment(SlotJob Job, StudySpec Spec, ParameterSet Parameters);
