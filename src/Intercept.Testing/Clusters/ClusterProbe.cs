using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;

namespace Intercept.Testing.Clusters;

/// <summary>The first request to a cluster: whether it answers, and as whom it knows us.</summary>
internal static class ClusterProbe
{
    /// <summary>The version of the cluster's Kubernetes.</summary>
    /// <exception cref="InterceptException">It does not answer in time, or does not accept the credentials.</exception>
    public static async Task<string> GetVersionAsync(
        IKubernetes kubernetes, KubeconfigContext context, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        // KubernetesClient has no time-out of its own, and an address that nobody answers would take minutes.
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var server = context.Configuration.Host;
        try
        {
            return (await kubernetes.Version.GetCodeAsync(either.Token)).GitVersion;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InterceptException(
                $"{Server(context)} did not answer within {timeout.TotalSeconds:0.###} s ({nameof(InterceptClusterOptions)}.{nameof(InterceptClusterOptions.ConnectTimeout)}). Is it up, and is its network reachable from here (VPN)?", e);
        }
        catch (HttpRequestException e)
        {
            throw new InterceptException(
                $"{Server(context)} can't be reached: {(e.InnerException ?? e).Message} Is it up? `kubectl --context {context.Name} version` should work.", e);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new InterceptException(
                $"{Server(context)} does not accept the credentials of this context ({(int)e.Response.StatusCode} {e.Response.StatusCode}). Have they expired? Log in again and check with `kubectl --context {context.Name} auth whoami`.", e);
        }
        catch (HttpOperationException e)
        {
            throw new InterceptException(
                $"{Server(context)} answered {(int)e.Response.StatusCode} to GET /version: is this the address of a Kubernetes API? {e.Response.Content}", e);
        }
        catch (KubernetesClientException e)
        {
            throw new InterceptException($"{Server(context)} can't be used with the credentials of this context: {e.Message}", e);
        }

        string Server(KubeconfigContext of) => $"The cluster of context '{of.Name}' (kubeconfig {of.Files}) at {server}";
    }
}
