using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Intercept.Proxy.Protocol;

namespace Intercept.Proxy.Reaping;

/// <summary>
/// The little of the Kubernetes API that the reaper needs. It never repeats a request: what failed is looked at anew in the
/// reaper's next round. No request is cut off by the end of the pod: a step that was begun is finished.
/// </summary>
internal sealed class ApiClient(ApiAccess access, TimeProvider time) : IDisposable
{
    private const string WholeObject = "application/json";
    private const string MetadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private const int LargestAnswer = 4 * 1024 * 1024;
    private const int MostRefusals = 20;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private readonly HttpClient _http = new(access.CreateHandler())
    {
        BaseAddress = access.GetAddress(),
        MaxResponseContentBufferSize = LargestAnswer,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private int _refusals;

    /// <summary>GET of an object.</summary>
    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null, WholeObject);

    /// <summary>GET of an object's metadata alone, where the rest may be large.</summary>
    public Task<ApiAnswer> GetMetadataAsync(string path) => SendAsync(HttpMethod.Get, path, null, null, MetadataOnly);

    /// <summary>PATCH with a JSON patch.</summary>
    public Task<ApiAnswer> PatchAsync(string path, JsonPatch patch) =>
        SendAsync(HttpMethod.Patch, Named(path), patch.ToString(), "application/json-patch+json", MetadataOnly);

    /// <summary>PATCH with a merge patch.</summary>
    public Task<ApiAnswer> MergeAsync(string path, JsonObject patch) =>
        SendAsync(HttpMethod.Patch, Named(path), patch.ToJsonString(), "application/merge-patch+json", MetadataOnly);

    /// <summary>DELETE of exactly this object in this version.</summary>
    public Task<ApiAnswer> DeleteAsync(string path, LiveObject live)
    {
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = "Background",
            ["preconditions"] = new JsonObject { ["uid"] = live.Uid, ["resourceVersion"] = live.ResourceVersion },
        };
        return SendAsync(HttpMethod.Delete, path, options.ToJsonString(), WholeObject, WholeObject);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Named(string path) => $"{path}?fieldManager={ProtocolNames.FieldManager}";

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? body, string? mediaType, string accept)
    {
        var what = $"{method} {path}";
        using var timeout = new CancellationTokenSource(RequestTimeout, time);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("intercept-reaper", "0.1"));
            request.Headers.Accept.ParseAdd(accept);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access.ReadToken());
            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8, mediaType!);
            }

            using var response = await _http.SendAsync(request, timeout.Token);
            var answer = Judge(what, (int)response.StatusCode, await response.Content.ReadAsStringAsync(timeout.Token));
            if (body is not null)
            {
                LimitRefusals(what, answer);
            }

            return answer;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            throw new ApiFailureException($"{what} got no answer: {exception.Message}", null, exception);
        }
    }

    /// <summary>Who reads again after a refusal must not do so for ever: what is refused may be refused for another reason.</summary>
    private void LimitRefusals(string what, ApiAnswer answer)
    {
        _refusals = answer.IsDone || answer.IsNotFound ? 0 : _refusals + 1;
        if (_refusals == MostRefusals)
        {
            _refusals = 0;
            throw new ApiFailureException($"{what} was refused {MostRefusals} times in a row: {answer.Message}", null);
        }
    }

    /// <remarks>A stale version is 409; 422 is a test of the uid that failed, and like it a reason to read again.</remarks>
    private static ApiAnswer Judge(string what, int status, string body)
    {
        JsonObject? json;
        try
        {
            json = JsonNode.Parse(body, null, Strict) as JsonObject;
        }
        catch (JsonException) when (status >= StatusCodes.Status400BadRequest)
        {
            // Whatever stands between here and the API may answer in text.
            json = null;
        }
        catch (JsonException exception)
        {
            throw new ApiFailureException($"{what} was answered with something that can't be read: {exception.Message}", status, exception);
        }

        return status is < StatusCodes.Status300MultipleChoices or StatusCodes.Status404NotFound
            or StatusCodes.Status409Conflict or StatusCodes.Status422UnprocessableEntity
            ? new ApiAnswer(status, json)
            : throw new ApiFailureException($"{what} was answered with {status}: {json?["message"]}", status);
    }
}
