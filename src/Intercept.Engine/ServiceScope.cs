using Intercept.Engine.Api;
using Intercept.Engine.Hijacking;
using Intercept.Engine.Journal;
using Intercept.Engine.Readiness;
using Intercept.Engine.Residue;
using k8s.Models;

namespace Intercept.Engine;

/// <summary>Everything in the cluster that intercepts of one Service are made of.</summary>
internal sealed class ServiceScope
{
    public ServiceScope(IClusterApi api, ServiceReference service, TimeProvider time)
    {
        Api = api;
        Service = service;
        Time = time;
        Names = InterceptNames.For(service);
        Journal = new SessionJournal(api, service, time);
        Hijacker = new Hijacker(api, service);
        ConfigMap = new ClaimedResource<V1ConfigMap>(api, service.Namespace, Names.Interceptor, time);
        Deployment = new ClaimedResource<V1Deployment>(api, service.Namespace, Names.Interceptor, time);
        Decoy = new ClaimedResource<V1Service>(api, service.Namespace, Names.Decoy, time);
        ReaperAccount = new ReaperAccount(api, service, Names, time);
        Pods = new ProxyPods(api, service, Names);
    }

    public IClusterApi Api { get; }

    public ServiceReference Service { get; }

    public TimeProvider Time { get; }

    public InterceptNames Names { get; }

    public SessionJournal Journal { get; }

    public Hijacker Hijacker { get; }

    public ClaimedResource<V1ConfigMap> ConfigMap { get; }

    public ClaimedResource<V1Deployment> Deployment { get; }

    public ClaimedResource<V1Service> Decoy { get; }

    public ReaperAccount ReaperAccount { get; }

    public ProxyPods Pods { get; }
}
