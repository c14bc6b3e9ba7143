using Intercept.Embedded.Controllers;
using k8s.Models;

namespace Intercept.Embedded.Tests.Controllers;

public sealed class RolloutTests
{
    [Theory]
    [InlineData(4, "25%", "25%", 0, 0, 4, 4, 1, 3)]
    [InlineData(4, "25%", "25%", 2, 0, 3, 3, 2, 3)]
    [InlineData(4, "25%", "25%", 2, 2, 3, 3, 2, 1)]
    [InlineData(1, "25%", "25%", 0, 0, 1, 1, 1, 1)]
    [InlineData(1, "25%", "25%", 1, 1, 1, 1, 1, 0)]
    [InlineData(3, "1", "1", 1, 0, 3, 1, 1, 2)]
    [InlineData(2, "0", "1", 0, 0, 2, 2, 0, 1)]
    [InlineData(3, "1", "0", 1, 0, 3, 3, 1, 3)]
    public void The_next_step_keeps_to_surge_and_availability(
        int desired, string surge, string unavailable, int current, int currentAvailable, int old, int oldAvailable, int nextCurrent, int nextOld)
    {
        var deployment = new V1Deployment
        {
            Spec = new V1DeploymentSpec
            {
                Replicas = desired,
                Strategy = new V1DeploymentStrategy { Type = "RollingUpdate", RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = surge, MaxUnavailable = unavailable } },
            },
        };
        var (currentSet, oldSet) = (Set("new", current, currentAvailable), Set("old", old, oldAvailable));

        var steps = Rollout.Next(deployment, currentSet, [oldSet]).ToDictionary(step => step.Set, step => step.Replicas);

        Assert.Equal((nextCurrent, nextOld), (steps.GetValueOrDefault(currentSet, current), steps.GetValueOrDefault(oldSet, old)));
    }

    [Fact]
    public void Recreate_waits_for_the_old_pods_to_go()
    {
        var deployment = new V1Deployment { Spec = new V1DeploymentSpec { Replicas = 2, Strategy = new V1DeploymentStrategy { Type = "Recreate" } } };
        var (current, old) = (Set("new", 0, 0), Set("old", 2, 2));

        Assert.Equal([(old, 0)], Rollout.Next(deployment, current, [old]));
        old.Spec.Replicas = 0;
        Assert.Empty(Rollout.Next(deployment, current, [old]));
        old.Status.Replicas = 0;
        Assert.Equal([(current, 2)], Rollout.Next(deployment, current, [old]));
    }

    private static V1ReplicaSet Set(string name, int replicas, int available) => new()
    {
        Metadata = new V1ObjectMeta { Name = name },
        Spec = new V1ReplicaSetSpec { Replicas = replicas },
        Status = new V1ReplicaSetStatus { Replicas = replicas, AvailableReplicas = available },
    };
}
