using System.Globalization;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Resources;

namespace Intercept.Embedded.ApiServer.Selectors;

/// <summary>Reads the query form of a label selector: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k,l&gt;1</c>.</summary>
internal sealed class LabelSelectorParser(string text)
{
    private const string Special = "(),!=<>";

    private int _at;

    public List<LabelRequirement> Parse()
    {
        var requirements = new List<LabelRequirement>();
        while (true)
        {
            var token = Peek();
            if (token.Length == 0 && requirements.Count == 0)
            {
                return requirements;
            }

            if (token != "!" && !IsWord(token))
            {
                throw ApiFailure.BadRequest($"found '{token}', expected: !, identifier, or 'end of string'");
            }

            requirements.Add(ParseRequirement());
            var separator = Next();
            if (separator.Length == 0)
            {
                return requirements;
            }

            if (separator != ",")
            {
                throw ApiFailure.BadRequest($"found '{separator}', expected: ',' or 'end of string'");
            }

            if (Peek() is var following && following != "!" && !IsWord(following))
            {
                throw ApiFailure.BadRequest($"found '{following}', expected: identifier after ','");
            }
        }
    }

    private LabelRequirement ParseRequirement()
    {
        var token = Next();
        if (token == "!")
        {
            var missing = Next();
            return Checked(new LabelRequirement(missing, LabelOperator.DoesNotExist, []));
        }

        if (Peek() is "" or ",")
        {
            return Checked(new LabelRequirement(token, LabelOperator.Exists, []));
        }

        var symbol = Next();
        return Checked(symbol switch
        {
            "=" or "==" => new LabelRequirement(token, LabelOperator.In, [Value()]),
            "!=" => new LabelRequirement(token, LabelOperator.NotIn, [Value()]),
            "in" => new LabelRequirement(token, LabelOperator.In, Values()),
            "notin" => new LabelRequirement(token, LabelOperator.NotIn, Values()),
            ">" => new LabelRequirement(token, LabelOperator.GreaterThan, [Value()]),
            "<" => new LabelRequirement(token, LabelOperator.LessThan, [Value()]),
            _ => throw Unparsable($"found '{symbol}', expected: in, notin, =, ==, !=, gt, lt"),
        });
    }

    private string Value()
    {
        if (Peek() is "" or ",")
        {
            return "";
        }

        var token = Next();
        return IsWord(token) ? token : throw Unparsable($"found '{token}', expected: identifier");
    }

    private List<string> Values()
    {
        var open = Next();
        if (open != "(")
        {
            throw Unparsable($"found '{open}' expected: '('");
        }

        var values = new List<string>();
        var expectsValue = true;
        while (true)
        {
            var token = Next();
            switch (token)
            {
                case ")":
                    if (expectsValue)
                    {
                        values.Add("");
                    }

                    return values;
                case ",":
                    if (expectsValue)
                    {
                        values.Add("");
                    }

                    expectsValue = true;
                    break;
                case var _ when expectsValue && IsWord(token):
                    values.Add(token);
                    expectsValue = false;
                    break;
                default:
                    throw Unparsable($"found '{token}', expected: ',' or ')'");
            }
        }
    }

    private static LabelRequirement Checked(LabelRequirement requirement)
    {
        foreach (var problem in MetadataValidation.KeyProblems(requirement.Key))
        {
            throw Unparsable($"key: {FieldErrorText(requirement.Key, problem)}");
        }

        for (var i = 0; i < requirement.Values.Count; i++)
        {
            var value = requirement.Values[i];
            if (requirement.Operator is LabelOperator.GreaterThan or LabelOperator.LessThan
                && !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                throw Unparsable($"values[{i}]: {FieldErrorText(value, "for 'Gt', 'Lt' operators, the value must be an integer")}");
            }

            foreach (var problem in MetadataValidation.ValueProblems(value))
            {
                throw Unparsable($"values[{i}][{requirement.Key}]: {FieldErrorText(value, problem)}");
            }
        }

        return requirement;
    }

    private static string FieldErrorText(string value, string problem) => FieldError.Invalid("", value, problem).Message;

    private static ApiStatusException Unparsable(string why) => ApiFailure.BadRequest($"unable to parse requirement: {why}");

    private static bool IsWord(string token) => token.Length > 0 && !Special.Contains(token[0], StringComparison.Ordinal);

    private string Peek()
    {
        var start = _at;
        var token = Next();
        _at = start;
        return token;
    }

    private string Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        if (_at >= text.Length)
        {
            return "";
        }

        var start = _at++;
        if (Special.Contains(text[start], StringComparison.Ordinal))
        {
            var isPair = _at < text.Length && text[_at] == '=' && text[start] is '=' or '!' && _at < text.Length && text[_at] == '=';
            _at += isPair ? 1 : 0;
            return text[start.._at];
        }

        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && !Special.Contains(text[_at], StringComparison.Ordinal))
        {
            _at++;
        }

        return text[start.._at];
    }
}
