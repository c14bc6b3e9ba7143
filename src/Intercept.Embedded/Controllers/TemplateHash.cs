using System.Text;
using k8s;
using k8s.Models;

namespace Intercept.Embedded.Controllers;

/// <summary>The value of the label pod-template-hash: the same for equal pod templates, in Kubernetes' alphabet without vowels.</summary>
internal static class TemplateHash
{
    public const string Label = "pod-template-hash";

    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    public static string Of(V1PodTemplateSpec template)
    {
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(KubernetesJson.Serialize(template)))
        {
            hash = (hash ^ value) * 16777619u;
        }

        return string.Concat(hash.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(digit => Alphabet[digit % Alphabet.Length]));
    }
}
