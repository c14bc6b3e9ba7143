using System.Net.Http.Headers;
using System.Text.Json;
using Intercept.Proxy.Protocol;
using k8s;
using k8s.Models;

namespace Intercept.Engine.Api;

/// <summary>
/// The Kubernetes API over KubernetesClient's connection and credentials. Its typed operations are not used because each
/// has its own way of failing; here a request has one time-out, one kind of exception and one field manager.
/// </summary>
internal sealed class ClusterApi(Kubernetes client, TimeProvider time, Random? jitter = null) : IClusterApi
{
    /// <summary>The name under which Kubernetes records what the engine changed (<c>metadata.managedFields</c>).</summary>
    public const string FieldManager = ProtocolNames.FieldManager;

    private const string WholeObject = "application/json";

    // The proxy's ConfigMap is 800 KB of JSON, and most questions about it are about its annotations.
    private const string MetadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private readonly ApiRetry _retry = new(time, jitter ?? Random.Shared);

    public Task<T?> FindAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        FindAsync<T>(namespaceName, name, WholeObject, cancellationToken);

    public Task<T?> FindMetadataAsync<T>(string? namespaceName, string name, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        FindAsync<T>(namespaceName, name, MetadataOnly, cancellationToken);

    public async Task<IReadOnlyList<T>> ListAsync<T>(string? namespaceName, string? labelSelector, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return (await ListPageAsync<T>(namespaceName, labelSelector, cancellationToken)).Items;
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return [];
        }
    }

    public Task<T> CreateAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        resource.Initialize();
        return SendAsync<T>(
            HttpMethod.Post,
            $"{ApiPath.Collection<T>(resource.Metadata.NamespaceProperty)}?fieldManager={FieldManager}",
            new RequestBody(KubernetesJson.Serialize(resource), "application/json"),
            WholeObject,
            cancellationToken);
    }

    public Task<T> PatchAsync<T>(string? namespaceName, string name, JsonPatch patch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(
            HttpMethod.Patch,
            $"{ApiPath.Object<T>(namespaceName, name)}?fieldManager={FieldManager}",
            new RequestBody(patch.ToString(), "application/json-patch+json"),
            MetadataOnly,
            cancellationToken);

    public Task<T> PatchStatusAsync<T>(string? namespaceName, string name, object mergePatch, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(
            HttpMethod.Patch,
            $"{ApiPath.Object<T>(namespaceName, name)}/status?fieldManager={FieldManager}",
            new RequestBody(JsonSerializer.Serialize(mergePatch), "application/merge-patch+json"),
            WholeObject,
            cancellationToken);

    public async Task<bool> DeleteAsync<T>(T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var options = new V1DeleteOptions
        {
            Preconditions = new V1Preconditions { Uid = resource.Metadata.Uid, ResourceVersion = resource.Metadata.ResourceVersion },
            PropagationPolicy = "Background",
        };
        try
        {
            await SendAsync<JsonElement>(
                HttpMethod.Delete,
                ApiPath.Object<T>(resource.Metadata.NamespaceProperty, resource.Metadata.Name),
                new RequestBody(KubernetesJson.Serialize(options), "application/json"),
                WholeObject,
                cancellationToken);
            return true;
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return false;
        }
    }

    public async Task<IReadOnlyList<T>> WaitAsync<T>(
        string namespaceName, string? labelSelector, Func<IReadOnlyList<T>, bool> condition, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        while (true)
        {
            var page = await ListPageAsync<T>(namespaceName, labelSelector, cancellationToken);
            var found = page.Items.ToDictionary(item => item.Metadata.Name);
            if (condition([.. found.Values]))
            {
                return [.. found.Values];
            }

            await using var events = WatchAsync<T>(namespaceName, labelSelector, page.Version, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            while (await events.MoveNextAsync())
            {
                var (type, item) = events.Current;
                if (type == WatchEventType.Deleted)
                {
                    found.Remove(item.Metadata.Name);
                }
                else
                {
                    found[item.Metadata.Name] = item;
                }

                if (condition([.. found.Values]))
                {
                    return [.. found.Values];
                }
            }
        }
    }

    private static string Selector(string? labelSelector) =>
        labelSelector is null ? string.Empty : $"labelSelector={Uri.EscapeDataString(labelSelector)}&";

    private async Task<T?> FindAsync<T>(string? namespaceName, string name, string accept, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await SendAsync<T>(HttpMethod.Get, ApiPath.Object<T>(namespaceName, name), null, accept, cancellationToken);
        }
        catch (ApiException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    private async Task<(IReadOnlyList<T> Items, string Version)> ListPageAsync<T>(
        string? namespaceName, string? labelSelector, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var list = await SendAsync<ObjectList<T>>(
            HttpMethod.Get, $"{ApiPath.Collection<T>(namespaceName)}?{Selector(labelSelector)}", null, WholeObject, cancellationToken);
        return (list.Items, list.Metadata.ResourceVersion);
    }

    private async IAsyncEnumerable<(WatchEventType Type, T Item)> WatchAsync<T>(
        string namespaceName,
        string? labelSelector,
        string version,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        // Short watches: a stopping API server can leave one silent for a minute, and the list that follows costs little.
        var path = $"{ApiPath.Collection<T>(namespaceName)}?{Selector(labelSelector)}watch=true&timeoutSeconds=20&resourceVersion={version}";
        using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(25), time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        using var response = await _retry.RunAsync(
            $"watch {typeof(T).Name} {namespaceName}",
            token => RequestAsync(HttpMethod.Get, path, null, WholeObject, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ReadLineAsync(reader, linked.Token, cancellationToken) is { } line)
        {
            var change = KubernetesJson.Deserialize<WatchLine>(line);
            if (!Enum.TryParse<WatchEventType>(change.Type, ignoreCase: true, out var type) || type == WatchEventType.Error)
            {
                yield break;
            }

            if (type != WatchEventType.Bookmark)
            {
                yield return (type, KubernetesJson.Deserialize<T>(change.Object));
            }
        }
    }

    /// <summary>The next line; null where the server ended the watch, broke it off, or fell silent.</summary>
    private static async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken linked, CancellationToken caller)
    {
        try
        {
            return await reader.ReadLineAsync(linked);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            caller.ThrowIfCancellationRequested();
            return null;
        }
    }

    private Task<T> SendAsync<T>(
        HttpMethod method, string path, RequestBody? body, string accept, CancellationToken cancellationToken)
    {
        return body is null
            ? _retry.RunAsync(Right(method, path), ExchangeAsync, cancellationToken)
            : _retry.RunWriteAsync(Right(method, path), ExchangeAsync, cancellationToken);

        async Task<T> ExchangeAsync(CancellationToken token)
        {
            using var response = await RequestAsync(method, path, body, accept, HttpCompletionOption.ResponseContentRead, token);
            return Read<T>($"{method} {path}", await response.Content.ReadAsStringAsync(token));
        }
    }

    /// <summary>Verb and resource; names of objects don't count, but for sub-resources, where it does no harm.</summary>
    private static string Right(HttpMethod method, string path)
    {
        var resource = path.Split('?')[0];
        return $"{method} {(path.Contains('?', StringComparison.Ordinal) && method != HttpMethod.Patch ? resource : resource[..resource.LastIndexOf('/')])}";
    }

    /// <summary>What other versions or other people wrote may be of another form than ours.</summary>
    private static T Read<T>(string request, string json)
    {
        try
        {
            return KubernetesJson.Deserialize<T>(json);
        }
        catch (JsonException exception)
        {
            throw new ApiException(request, exception);
        }
    }

    private async Task<HttpResponseMessage> RequestAsync(
        HttpMethod method, string path, RequestBody? body, string accept, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        var what = $"{method} {new Uri(client.BaseUri, path)}";
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path)) { Content = body?.ToContent() };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue(FieldManager, "0.1"));
        request.Headers.Accept.ParseAdd(accept);
        HttpResponseMessage response;
        try
        {
            if (client.Credentials is { } credentials)
            {
                await credentials.ProcessHttpRequestAsync(request, cancellationToken);
            }

            response = await client.HttpClient.SendAsync(request, completion, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            throw new ApiException(what, exception);
        }

        return response.IsSuccessStatusCode ? response : throw await FailureAsync(what, response, cancellationToken);
    }

    private static async Task<ApiException> FailureAsync(string what, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            V1Status? status = null;
            if (response.Content.Headers.ContentType?.MediaType == "application/json")
            {
                status = KubernetesJson.Deserialize<V1Status>(body);
            }

            return new ApiException(what, response.StatusCode, status, body.Trim());
        }
    }
}
