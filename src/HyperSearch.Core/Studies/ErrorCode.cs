namespace HyperSearch.Core.Studies;

/// <summary>The codes of validation errors, as REST answers carry them.</summary>
public static class ErrorCode
{
    /// <summary>A required field is missing, or another error without a code of its own.</summary>
    public const string Validation = "validation";

    /// <summary>A field, hyperparameter or option that does not exist.</summary>
    public const string UnknownField = "unknown-field";

    /// <summary>The model or model family does not exist.</summary>
    public const string NoSuchModel = "no-such-model";

    /// <summary>The dataset does not exist.</summary>
    public const string NoSuchDataset = "no-such-dataset";

    /// <summary>A grid with more cells than the limit, or a list longer than it.</summary>
    public const string SpaceTooLarge = "space-too-large";

    /// <summary>Epochs are searched, or differ from max_epochs, in a multi-fidelity study.</summary>
    public const string EpochsIsTheResource = "epochs-is-the-resource";

    /// <summary>A value of another JSON type, or a fraction where a whole number is needed.</summary>
    public const string WrongType = "wrong-type";

    /// <summary>A number, a length or a count outside its valid range.</summary>
    public const string OutOfRange = "out-of-range";

    /// <summary>A value or a field that is known but not accepted here.</summary>
    public const string NotAccepted = "not-accepted";

    /// <summary>A range whose minimum is above its maximum.</summary>
    public const string MinAboveMax = "min-above-max";

    /// <summary>A log scale from zero or below.</summary>
    public const string LogNeedsPositive = "log-needs-positive";

    /// <summary>A step beside a log scale or a count.</summary>
    public const string StepConflict = "step-conflict";

    /// <summary>A list without values.</summary>
    public const string EmptyValues = "empty-values";

    /// <summary>A list that names a value twice.</summary>
    public const string DuplicateValues = "duplicate-values";

    /// <summary>A number that is not finite as a double.</summary>
    public const string NotFinite = "not-finite";

    /// <summary>A float range without count or step where a grid needs points.</summary>
    public const string NeedsPoints = "needs-points";
}
