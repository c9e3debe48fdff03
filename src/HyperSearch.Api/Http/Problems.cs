using HyperSearch.Contracts;
using HyperSearch.Core.Studies;

namespace HyperSearch.Api.Http;

/// <summary>The problems that several routes answer with.</summary>
internal static class Problems
{
    /// <summary>An invalid request: the specific slug if all errors share it, else <c>validation</c>.</summary>
    public static Problem Invalid(IReadOnlyList<ErrorResponse> errors)
    {
        string[] codes = [.. errors.Select(e => e.Code).Distinct()];
        bool specific = codes is [ErrorCode.UnknownField or ErrorCode.NoSuchModel or ErrorCode.NoSuchDataset or ErrorCode.SpaceTooLarge or ErrorCode.EpochsIsTheResource];
        return new Problem(422, specific ? codes[0] : ErrorCode.Validation, "The request is not valid.", Summary(errors)) { Errors = errors };
    }

    public static Problem Invalid(string pointer, string code, string detail) =>
        Invalid([new ErrorResponse { Pointer = pointer, Code = code, Detail = detail }]);

    public static Problem Invalid(IEnumerable<ValidationError> errors) =>
        Invalid([.. errors.Select(e => new ErrorResponse { Pointer = e.Pointer, Code = e.Code, Detail = e.Detail })]);

    public static Problem NoStudy(string idOrName) => NotFound($"There is no study {Quote(idOrName)}.");

    public static Problem NoTrial(string number) => NotFound($"The study has no trial {Quote(number)}.");

    public static Problem NotFound(string detail) => new(404, Slug.NotFound, "There is nothing here.", detail);

    public static Problem MalformedJson(string detail) => new(400, Slug.MalformedJson, "The body is not JSON.", detail);

    public static Problem IllegalTransition(string state, string detail) =>
        new(409, Slug.IllegalTransition, "This is not possible in the current state.", detail) { State = state };

    /// <summary>A text of the request between quotation marks, shortened and printable.</summary>
    public static string Quote(string text)
    {
        string printable = new([.. text.Take(64).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return text.Length > 64 ? $"\"{printable}...\"" : $"\"{printable}\"";
    }

    private static string Summary(IReadOnlyList<ErrorResponse> errors) =>
        errors.Count == 1 ? errors[0].Detail : $"There are {errors.Count} errors.";
}
