using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Http;
using Intercept.Embedded.ApiServer.Storage;
using Intercept.Embedded.Faults;
using Intercept.Embedded.Faults.Kinds;
using k8s;
using Microsoft.AspNetCore.Http.Features;

namespace Intercept.Embedded.ApiServer.Watches;

/// <summary>GET with <c>watch=true</c>: one JSON document a line, until the client goes, its time is over or the server ends.</summary>
internal sealed class WatchStream(ObjectStore store, ApiFaults faults, TimeProvider time, CancellationToken stopping)
{
    // How often a quiet watch is told the current version.
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromMinutes(1);

    // A real server picks 30 to 60 minutes where the client does not say.
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(45);

    public async Task WriteAsync(ResourceCall call)
    {
        var context = call.Context;
        var form = Representation.Negotiate(context);
        var filter = WatchFilter.Parse(call);
        var initial = ListOptionsRules.CheckWatch(context);
        var version = QueryOptions.Version(context);
        var timeout = QueryOptions.Number(context, "timeoutSeconds") is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : DefaultTimeout;
        using var ending = new CancellationTokenSource(timeout, time);
        using var running = faults.Watches.Begin(context.Features.GetRequiredFeature<ApiCall>());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, stopping, ending.Token, running.Ended);

        context.Response.StatusCode = 200;
        context.Response.ContentType = ApiResponse.Json;
        context.Response.Headers.CacheControl = "no-cache, private";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var watch = new Writer(context.Response.BodyWriter, call, form, filter, QueryOptions.Flag(context, "allowWatchBookmarks"));
        try
        {
            await context.Response.StartAsync(end.Token);
            if (Begin(store.Table(call.Resource), version, initial, watch) is { } link)
            {
                await FollowAsync(watch, link, end.Token);
            }

            await watch.FlushAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // A watch ends this way: by its time-out, by its client, by a test or with the server.
            if (running.IsExpired && !call.Aborted.IsCancellationRequested)
            {
                watch.Error(ApiFailure.Expired("The resourceVersion for the provided watch is too old."));
                await watch.FlushAsync(call.Aborted);
            }
        }
    }

    private EventLink? Begin(ResourceTable table, long? version, bool? initial, Writer watch)
    {
        var snapshot = store.Snapshot(table);
        var wantsState = initial ?? version is null or 0;
        if (wantsState)
        {
            foreach (var item in snapshot.Objects.In(watch.Call.Namespace))
            {
                watch.Initial(item);
            }

            if (initial == true)
            {
                watch.Bookmark(snapshot.Revision, isInitialEnd: true);
            }

            return snapshot.Link;
        }

        if (version is null or 0)
        {
            return snapshot.Link;
        }

        if (table.Log.After(version.Value) is { } link)
        {
            return link;
        }

        watch.Error(ApiFailure.Expired($"too old resource version: {version} ({table.Log.KnownSince})"));
        return null;
    }

    private async Task FollowAsync(Writer watch, EventLink link, CancellationToken end)
    {
        while (true)
        {
            while (link.Next is { } next)
            {
                link = next;
                if (!Send(watch, link.Change!))
                {
                    return;
                }

                if (watch.Unflushed > 64 * 1024)
                {
                    await watch.FlushAsync(end);
                }
            }

            await watch.FlushAsync(end);
            await WaitAsync(watch, link, end);
        }
    }

    /// <summary>False where the watch has to end in place of this event.</summary>
    private bool Send(Writer watch, StoreEvent change)
    {
        if (watch.See(change) is not var (type, item))
        {
            return true;
        }

        switch (faults.FateOf(watch.Running, item))
        {
            case WatchEventFate.Dropped:
                return true;
            case WatchEventFate.Ended:
                return false;
            case WatchEventFate.Doubled:
                watch.Event(type, item);
                break;
        }

        watch.Event(type, item);
        return true;
    }

    private async Task WaitAsync(Writer watch, EventLink link, CancellationToken end)
    {
        if (!watch.WantsBookmarks)
        {
            await link.WaitForNextAsync(end);
            return;
        }

        using var quiet = new CancellationTokenSource(BookmarkInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, quiet.Token);
        try
        {
            await link.WaitForNextAsync(either.Token);
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested && !end.IsCancellationRequested)
        {
            // Read before the look at Next: every event up to here has then been sent.
            var revision = store.Revision;
            if (link.Next is null)
            {
                watch.Bookmark(revision, isInitialEnd: false);
                await watch.FlushAsync(end);
            }
        }
    }

    private sealed class Writer(PipeWriter body, ResourceCall call, Representation form, WatchFilter filter, bool bookmarks)
    {
        public ResourceCall Call => call;

        public ApiCall Running { get; } = call.Context.Features.GetRequiredFeature<ApiCall>();

        public bool WantsBookmarks => bookmarks;

        public long Unflushed => body.UnflushedBytes;

        public void Initial(StoredObject item)
        {
            if (filter.Matches(item))
            {
                Write("ADDED"u8, form.Of(item).Span);
            }
        }

        public (WatchEventType Type, StoredObject Object)? See(StoreEvent change) => filter.Translate(change);

        public void Event(WatchEventType type, StoredObject item) =>
            Write(type switch { WatchEventType.Added => "ADDED"u8, WatchEventType.Modified => "MODIFIED"u8, _ => "DELETED"u8 }, form.Of(item).Span);

        public void Bookmark(long revision, bool isInitialEnd)
        {
            if (!bookmarks)
            {
                return;
            }

            var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
            if (isInitialEnd)
            {
                metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
            }

            Write("BOOKMARK"u8, ApiJson.ToUtf8(new JsonObject { ["kind"] = call.Resource.Kind, ["apiVersion"] = call.Resource.ApiVersion, ["metadata"] = metadata }));
        }

        public void Error(ApiStatusException failure) => Write("ERROR"u8, ApiJson.ToUtf8(failure.ToStatus()));

        public async ValueTask FlushAsync(CancellationToken end)
        {
            if (body.UnflushedBytes > 0)
            {
                var flushed = await body.FlushAsync(end);
                if (flushed.IsCompleted)
                {
                    throw new OperationCanceledException(call.Aborted);
                }
            }
        }

        private void Write(ReadOnlySpan<byte> type, ReadOnlySpan<byte> item)
        {
            body.Write("{\"type\":\""u8);
            body.Write(type);
            body.Write("\",\"object\":"u8);
            body.Write(item);
            body.Write("}\n"u8);
        }
    }
}
