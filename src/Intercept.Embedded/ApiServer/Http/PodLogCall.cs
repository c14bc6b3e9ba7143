using System.Text;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Embedded.Node;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary><c>pods/log</c>: the lines so far, the last of them, or new ones as they come.</summary>
internal sealed class PodLogCall(ObjectStore store, INodeGateway node, CancellationToken stopping)
{
    private static readonly string[] Unsupported = ["sinceSeconds", "sinceTime", "timestamps", "limitBytes", "previous", "stream"];

    public async Task ServeAsync(ResourceCall call)
    {
        var context = call.Context;
        var pod = store.Table(call.Resource).Find(call.Namespace, call.Name) ?? throw ApiFailure.NotFound(call.Resource, call.Name);
        foreach (var option in Unsupported.Where(option => QueryOptions.Text(context, option) is not (null or "" or "false")))
        {
            throw ApiFailure.NotImplemented($"the option {option} of pods/log");
        }

        var containers = pod.ToJson().Object("spec")?.Objects("containers").Select(container => container.Text("name")).ToList() ?? [];
        if (QueryOptions.Text(context, "container") is { Length: > 0 } named && !containers.Contains(named))
        {
            throw ApiFailure.BadRequest($"container {named} is not valid for pod {call.Name}");
        }

        var follow = QueryOptions.Flag(context, "follow");
        var tail = QueryOptions.Number(context, "tailLines");
        if (follow && tail is not null)
        {
            throw ApiFailure.NotImplemented("tailLines together with follow");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.StatusCode = 200;
        context.Response.ContentType = "text/plain";
        try
        {
            await WriteLinesAsync(call, follow, tail, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // A followed log ends with its reader or the server.
        }
    }

    private async Task WriteLinesAsync(ResourceCall call, bool follow, long? tail, CancellationToken cancellationToken)
    {
        var body = call.Context.Response.Body;
        var lines = node.ReadLogAsync(call.Namespace!, call.Name, follow, cancellationToken);
        if (tail is { } count)
        {
            var last = new Queue<string>();
            await foreach (var line in lines)
            {
                last.Enqueue(line);
                if (last.Count > count)
                {
                    last.Dequeue();
                }
            }

            await body.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(last.Select(line => line + "\n"))), cancellationToken);
            return;
        }

        await body.FlushAsync(cancellationToken);
        await foreach (var line in lines)
        {
            await body.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
            if (follow)
            {
                await body.FlushAsync(cancellationToken);
            }
        }
    }
}
