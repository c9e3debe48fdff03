using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Studies;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>Reads a range: <c>{min, max, scale?, step?, count?}</c>.</summary>
internal sealed class RangeReader(Hyperparameter hyperparameter, RequestObject range, DomainReader values)
{
    private readonly Findings _findings = range.Findings;

    /// <summary>The range; null when something was reported.</summary>
    public ParameterDomain.Ranged? Read()
    {
        if (hyperparameter.Kind == HyperparameterKind.Choice)
        {
            _findings.Error(values.Pointer, ErrorCode.WrongType, $"{hyperparameter} is a choice: give values, of {string.Join(", ", hyperparameter.Choices)}.");
            return null;
        }

        string? scale = range.OneOf("scale", ["linear", "log"]);
        bool log = scale == "log";
        double? min = ReadMin(log);
        double? max = ReadEnd("max");
        double? step = ReadStep();
        int? count = range.Int("count", 1, int.MaxValue);
        bool valid = (scale is not null || !range.Has("scale")) && (step is not null || !range.Has("step")) && (count is not null || !range.Has("count"));
        valid &= StepFits(log);
        if (min is not { } low || max is not { } high || !Ordered(low, high))
        {
            return null;
        }

        valid &= step is not { } distance || FineEnough(distance, high);
        return valid ? new(hyperparameter, low, high, log, step, count) : null;
    }

    private double? ReadMin(bool log)
    {
        // A log range from 0 is one mistake, not two.
        if (log && range.Get("min") is { ValueKind: System.Text.Json.JsonValueKind.Number } min && min.GetDouble() <= 0)
        {
            _findings.Error(range.Pointer("min"), ErrorCode.LogNeedsPositive, $"A log scale needs a minimum above 0, not {RequestNumber.Show(min.GetDouble())}.");
            return null;
        }

        return ReadEnd("min");
    }

    private double? ReadEnd(string end)
    {
        if (range.Get(end) is { } element)
        {
            return values.ReadValue(element, range.Pointer(end));
        }

        _findings.Missing(range.Pointer(end), $"{hyperparameter} needs values, or min and max.");
        return null;
    }

    private double? ReadStep()
    {
        if (range.Get("step") is not { } element)
        {
            return null;
        }

        string pointer = range.Pointer("step");
        double? step = hyperparameter.Kind == HyperparameterKind.Whole
            ? RequestNumber.ReadWhole(element, pointer, _findings)
            : RequestNumber.Read(element, pointer, _findings);
        if (step is null or > 0)
        {
            return step;
        }

        _findings.Error(pointer, ErrorCode.OutOfRange, $"A step must be above 0, not {RequestNumber.Show(step.Value)}.");
        return null;
    }

    private bool StepFits(bool log)
    {
        if (!range.Has("step") || (!log && !range.Has("count")))
        {
            return true;
        }

        _findings.Error(range.Pointer("step"), ErrorCode.StepConflict, $"A step does not go with {(log ? "a log scale; use count" : "a count")}.");
        return false;
    }

    private bool Ordered(double low, double high)
    {
        if (low <= high)
        {
            return true;
        }

        _findings.Error(range.Pointer("min"), ErrorCode.MinAboveMax, $"The minimum {RequestNumber.Show(low)} is above the maximum {RequestNumber.Show(high)}.");
        return false;
    }

    // Generated values carry 12 digits, so that the points of a finer lattice would coincide.
    private bool FineEnough(double step, double high)
    {
        double least = high * 1e-11;
        if (step >= least)
        {
            return true;
        }

        _findings.Error(range.Pointer("step"), ErrorCode.OutOfRange, $"A step must be at least {RequestNumber.Show(least)} here: values carry 12 digits.");
        return false;
    }
}
