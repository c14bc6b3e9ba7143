using System.Net;
using Intercept.Engine;
using Intercept.Engine.Api;
using Intercept.Engine.Closing;
using Intercept.Engine.Journal;
using Intercept.Engine.Residue;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Watchdog;

/// <summary>
/// Closes an intercept that does not exist, against an API that is not there: the runtime has compiled and loaded nearly all
/// that the real thing needs when it is needed. That is most of the time a close takes in a process that never did one.
/// </summary>
internal static class Rehearsal
{
    private static readonly ServiceReference Service = ServiceReference.Parse("rehearsal/service");

    /// <summary>Runs the whole teardown once.</summary>
    /// <returns>Whether it went through to its end.</returns>
    public static async Task<bool> RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var stage = new Stage();
        using var client = new Kubernetes(new KubernetesClientConfiguration { Host = "http://rehearsal.invalid" }, stage);
        var scope = new ServiceScope(new ClusterApi(client, time), Service, time);
        var service = CreateService();
        var session = SessionDraft.Create(service, CreatePlan(), scope.Names, witness: null, time);
        session.Metadata.Name = scope.Names.Session;
        session.Metadata.Uid = session.Metadata.ResourceVersion = session.Spec.Nonce;
        stage.Add(ApiPath.Object<SessionResource>(Service.Namespace, session.Metadata.Name), session);
        stage.Add(
            ApiPath.Object<V1Service>(Service.Namespace, Service.Name),
            Hijack(service, new ServiceRecord(ServiceRecord.CurrentVersion, session.Spec.Hijack, session.Spec.Original, [session.Participant])));
        AddClaimed<V1ConfigMap>(stage, scope.Names.Interceptor, session.Participant);
        AddClaimed<V1Deployment>(stage, scope.Names.Interceptor, session.Participant);
        AddClaimed<V1Service>(stage, scope.Names.Decoy, session.Participant);
        try
        {
            var found = await scope.Journal.FindAsync(session.Spec.Nonce, cancellationToken);
            await new Teardown(scope, new InterceptTimeouts(), new StepLog(time, null))
                .RunAsync(ClosingTarget.Of(found ?? session), service, connection: null, byOther: true, cancellationToken);
        }
        catch (Exception exception) when (exception is ApiException or InterceptException or OperationCanceledException)
        {
            // A test sees to it that a rehearsal succeeds; where one does not, the close is slower, that is all.
            return false;
        }

        return stage.IsEmpty;
    }

    private static V1Service CreateService() => new()
    {
        Metadata = new V1ObjectMeta { NamespaceProperty = Service.Namespace, Name = Service.Name, Uid = "0", ResourceVersion = "1", ManagedFields = [] },
        Spec = new V1ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app"] = Service.Name },
            Ports = [new V1ServicePort { Name = "http", Port = 80, TargetPort = 80, Protocol = "TCP" }],
        },
    };

    private static InterceptPlan CreatePlan() => new()
    {
        Service = Service,
        Rule = HeaderRule.Create(HeaderRule.DefaultName, Service.Name),
        Handler = _ => Task.CompletedTask,
    };

    private static V1Service Hijack(V1Service service, ServiceRecord record)
    {
        var hijacked = KubernetesJson.Deserialize<V1Service>(KubernetesJson.Serialize(service));
        hijacked.Metadata.Annotations = new Dictionary<string, string> { [Labels.Record] = record.ToJson() };
        hijacked.Metadata.Labels = new Dictionary<string, string> { [Labels.Hijacked] = "true" };
        return hijacked;
    }

    private static void AddClaimed<T>(Stage stage, string name, Participant participant)
        where T : IKubernetesObject<V1ObjectMeta>, new() => stage.Add(
            ApiPath.Object<T>(Service.Namespace, name),
            new T
            {
                Metadata = new V1ObjectMeta
                {
                    NamespaceProperty = Service.Namespace,
                    Name = name,
                    Uid = name,
                    ResourceVersion = "1",
                    Labels = OwnedMetadata.LabelsFor(Service.Name),
                    Annotations = new Dictionary<string, string> { [Labels.Claims] = ParticipantList.ToJson([participant]) },
                },
            });

    /// <summary>As much of an API as the teardown needs: what was put on it, until it is deleted; writes are read and dropped.</summary>
    private sealed class Stage : DelegatingHandler
    {
        private const string EmptyList = """{"metadata":{"resourceVersion":"1"},"items":[]}""";

        private readonly Dictionary<string, string> _objects = new(StringComparer.Ordinal);

        /// <summary>Whether all is gone but the Service.</summary>
        public bool IsEmpty => _objects.Count == 1;

        public void Add(string path, object resource) => _objects["/" + path] = KubernetesJson.Serialize(resource);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var known = _objects.GetValueOrDefault(path);
            if (request.Method == HttpMethod.Delete)
            {
                _objects.Remove(path);
            }

            // What is not there is a collection, an object that is gone, or a sub-resource; an empty list passes for the first,
            // and the teardown asks for none of the second.
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(known ?? EmptyList) });
        }
    }
}
