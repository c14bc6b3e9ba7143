using k8s.Models;

namespace Intercept.Embedded.Controllers;

/// <summary>The next step of a rollout: which ReplicaSets to scale, and to how many.</summary>
internal static class Rollout
{
    public static IReadOnlyList<(V1ReplicaSet Set, int Replicas)> Next(V1Deployment deployment, V1ReplicaSet current, IReadOnlyList<V1ReplicaSet> old)
    {
        var desired = deployment.Spec.Replicas ?? 1;
        var olds = old.Where(set => Wanted(set) > 0).OrderBy(set => set.Metadata.CreationTimestamp).ToList();
        if (olds.Count == 0 || deployment.Spec.Paused == true)
        {
            var waiting = deployment.Spec.Strategy?.Type == "Recreate" && old.Any(set => set.Status?.Replicas > 0);
            return Wanted(current) == desired || waiting ? [] : [(current, desired)];
        }

        return deployment.Spec.Strategy?.Type == "Recreate" ? [.. olds.Select(set => (set, 0))] : Rolling(deployment, current, olds, desired);
    }

    private static List<(V1ReplicaSet Set, int Replicas)> Rolling(V1Deployment deployment, V1ReplicaSet current, List<V1ReplicaSet> olds, int desired)
    {
        var (surge, unavailable) = Limits(deployment, desired);
        var steps = new List<(V1ReplicaSet, int)>();
        var total = Wanted(current) + olds.Sum(Wanted);

        var grown = Math.Min(desired, Wanted(current) + Math.Max(0, desired + surge - total));
        if (Wanted(current) > desired)
        {
            grown = desired;
        }

        if (grown != Wanted(current))
        {
            steps.Add((current, grown));
        }

        // Old pods that are not available do not count as service: they go first, then as many as the availability allows.
        var minAvailable = desired - unavailable;
        var currentUnavailable = Wanted(current) - Available(current);
        var removable = total - minAvailable - currentUnavailable;
        var spare = olds.Sum(Available) + Available(current) - minAvailable;
        foreach (var set in olds)
        {
            var broken = Math.Min(Wanted(set) - Math.Min(Wanted(set), Available(set)), Math.Max(0, removable));
            removable -= broken;
            var healthy = Math.Min(Math.Min(Wanted(set) - broken, Math.Max(0, spare)), Math.Max(0, removable));
            removable -= healthy;
            spare -= healthy;
            if (broken + healthy > 0)
            {
                steps.Add((set, Wanted(set) - broken - healthy));
            }
        }

        return steps;
    }

    public static (int Surge, int Unavailable) Limits(V1Deployment deployment, int desired)
    {
        var rolling = deployment.Spec.Strategy?.RollingUpdate;
        var surge = Scaled(rolling?.MaxSurge, desired, Math.Ceiling);
        var unavailable = Scaled(rolling?.MaxUnavailable, desired, Math.Floor);
        return (surge, surge == 0 && unavailable == 0 ? 1 : Math.Min(unavailable, desired));
    }

    private static int Scaled(IntOrString? value, int desired, Func<double, double> round)
    {
        var text = value?.Value ?? "25%";
        return text.EndsWith('%')
            ? (int)round(int.Parse(text.AsSpan(0, text.Length - 1), System.Globalization.CultureInfo.InvariantCulture) * desired / 100.0)
            : int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int Wanted(V1ReplicaSet set) => set.Spec.Replicas ?? 1;

    private static int Available(V1ReplicaSet set) => set.Status?.AvailableReplicas ?? 0;
}
