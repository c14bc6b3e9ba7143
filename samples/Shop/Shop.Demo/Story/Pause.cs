using Intercept.Testing;
using Shop.Demo.Screens;

namespace Shop.Demo.Story;

/// <summary><c>--hold</c>: keeps the intercept open until Enter.</summary>
internal sealed class Pause(InterceptCluster cluster, Screen screen)
{
    public async Task UntilEnterAsync(InterceptSession session, CancellationToken cancellationToken)
    {
        screen.Chapter("The intercept is open until you press Enter");
        screen.Line($"The Kubernetes API: {cluster.Kubernetes.BaseUri}, process {Environment.ProcessId}. With kubectl set to it:");
        screen.Line($"  kubectl get sessions -n {session.Service.Namespace} {session.Id} -o yaml");
        screen.Line($"  kubectl get service -n {session.Service.Namespace} {session.Service.Name} -o yaml");
        screen.Line($"  kubectl get deployments,configmaps,services,pods -n {session.Service.Namespace} -l app.kubernetes.io/managed-by=intercept");
        screen.Line($"In a pod, or through a port-forward: curl -H '{session.Header.Name}: {session.Header.Value}' http://frontend.{session.Service.Namespace}:3030/");
        await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
    }
}
