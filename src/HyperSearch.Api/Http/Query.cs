using System.Collections.Immutable;
using System.Globalization;
using HyperSearch.Contracts;
using HyperSearch.Core.Studies;
using Microsoft.Extensions.Primitives;

namespace HyperSearch.Api.Http;

/// <summary>The query parameters of one request, checked; an absent one has its default.</summary>
internal sealed class Query
{
    private readonly Dictionary<string, object> _values = [];

    /// <summary>What <see cref="QueryFilter"/> has read.</summary>
    public static Query Of(HttpContext context) =>
        context.Features.Get<Query>() ?? throw new InvalidOperationException("The route is mapped without QueryFilter.");

    /// <summary>Reads all parameters, or gives all errors.</summary>
    public static (Query Query, List<ErrorResponse> Errors) Read(IQueryCollection given, QueryParameters known)
    {
        Query query = new();
        List<ErrorResponse> errors = [];
        foreach ((string name, StringValues values) in given)
        {
            string pointer = "?" + Shown(name);
            if (known.All.FirstOrDefault(p => p.Name == name) is not { } parameter)
            {
                IEnumerable<string> names = known.All.Select(p => p.Name);
                Add(errors, pointer, ErrorCode.UnknownField, $"There is no query parameter {Problems.Quote(name)} here.{Suggestion.Sentence(Shown(name), names)}");
            }
            else if (values.Count != 1)
            {
                Add(errors, pointer, ErrorCode.NotAccepted, "The parameter is given more than once.");
            }
            else
            {
                query.ReadValue(parameter, values[0] ?? "", pointer, errors);
            }
        }

        return (query, errors);
    }

    /// <summary>Whether the request gives it.</summary>
    public bool Has(QueryParameter parameter) => _values.ContainsKey(parameter.Name);

    public int Int(QueryParameter.Whole parameter) => _values.TryGetValue(parameter.Name, out object? value) ? (int)value : parameter.Default;

    public string? Text(QueryParameter.Text parameter) => _values.GetValueOrDefault(parameter.Name) as string;

    public bool Flag(QueryParameter.Flag parameter) => _values.TryGetValue(parameter.Name, out object? value) && (bool)value;

    /// <summary>The one choice, or the default.</summary>
    public string? Choice(QueryParameter.Choice parameter) => Choices(parameter) is [var one, ..] ? one : parameter.Default;

    /// <summary>The choices, sorted; empty when absent.</summary>
    public ImmutableArray<string> Choices(QueryParameter.Choice parameter) =>
        _values.TryGetValue(parameter.Name, out object? value) ? (ImmutableArray<string>)value : [];

    private void ReadValue(QueryParameter parameter, string text, string pointer, List<ErrorResponse> errors)
    {
        switch (parameter)
        {
            case QueryParameter.Whole whole:
                ReadWhole(whole, text, pointer, errors);
                break;
            case QueryParameter.Choice choice:
                ReadChoice(choice, text, pointer, errors);
                break;
            case QueryParameter.Text free:
                ReadText(free, text, pointer, errors);
                break;
            case QueryParameter.Flag when text is "true" or "false":
                _values[parameter.Name] = text == "true";
                break;
            case QueryParameter.Flag:
                Add(errors, pointer, ErrorCode.WrongType, $"Must be true or false, not {Problems.Quote(text)}.");
                break;
            default:
                throw new InvalidOperationException($"Unknown parameter {parameter.GetType().Name}.");
        }
    }

    private void ReadWhole(QueryParameter.Whole whole, string text, string pointer, List<ErrorResponse> errors)
    {
        bool digits = text.Length > 0 && text.TrimStart('-') is { Length: > 0 } rest && rest.All(char.IsAsciiDigit) && text.Length - rest.Length <= 1;
        if (!digits)
        {
            Add(errors, pointer, ErrorCode.WrongType, $"Must be a whole number, not {Problems.Quote(text)}.");
        }
        else if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= whole.Min && number <= whole.Max)
        {
            _values[whole.Name] = number;
        }
        else
        {
            Add(errors, pointer, ErrorCode.OutOfRange, $"Must be {whole.Min} to {whole.Max}, not {Problems.Quote(text)}.");
        }
    }

    private void ReadChoice(QueryParameter.Choice choice, string text, string pointer, List<ErrorResponse> errors)
    {
        string[] parts = choice.Many ? text.Split(',') : [text];
        if (Array.Find(parts, p => !choice.Choices.Contains(p)) is { } wrong)
        {
            Add(errors, pointer, ErrorCode.NotAccepted,
                $"{Problems.Quote(wrong)} is not accepted; {(choice.Many ? "any of" : "one of")} {string.Join(", ", choice.Choices)}.{Suggestion.Sentence(Shown(wrong), choice.Choices)}");
            return;
        }

        _values[choice.Name] = parts.Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
    }

    private void ReadText(QueryParameter.Text free, string text, string pointer, List<ErrorResponse> errors)
    {
        if (text.Length > free.Longest)
        {
            Add(errors, pointer, ErrorCode.OutOfRange, $"At most {free.Longest} characters, not {text.Length}.");
        }
        else if (text.Contains('\0'))
        {
            Add(errors, pointer, ErrorCode.NotAccepted, "U+0000 is in no text.");
        }
        else if (text.Length > 0)
        {
            _values[free.Name] = text;
        }
    }

    private static string Shown(string text) => Problems.Quote(text)[1..^1];

    private static void Add(List<ErrorResponse> errors, string pointer, string code, string detail) =>
        errors.Add(new ErrorResponse { Pointer = pointer, Code = code, Detail = detail });
}
