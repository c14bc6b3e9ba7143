using Microsoft.Extensions.Options;

namespace Intercept.HeaderPropagation;

/// <summary>Refuses, when the application starts, what could never be copied or would break every outgoing call.</summary>
internal sealed class OptionsCheck : IValidateOptions<InterceptHeaderPropagationOptions>
{
    public ValidateOptionsResult Validate(string? name, InterceptHeaderPropagationOptions options)
    {
        var mistakes = new List<string>();
        mistakes.AddRange(options.Prefixes
            .Where(prefix => !HeaderNames.IsToken(prefix))
            .Select(prefix => $"'{prefix}' is not the beginning of an HTTP header name; write for example {InterceptHeaderPropagationOptions.DefaultPrefix}."));
        foreach (var header in options.Names)
        {
            if (!HeaderNames.IsToken(header))
            {
                mistakes.Add($"'{header}' is not an HTTP header name; write for example x-team-route.");
            }
            else if (!HeaderNames.MayTravel(header))
            {
                mistakes.Add($"'{header}' belongs to one connection or one body and can't be copied to another request.");
            }
        }

        if (options.Prefixes.Count + options.Names.Count == 0)
        {
            mistakes.Add("Neither a prefix nor a name is left, so nothing would be copied; name one, or don't add the header propagation.");
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
