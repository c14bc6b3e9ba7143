using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Intercept.Embedded.ApiServer.Http;

/// <summary>In which form a client wants objects: whole, or only their metadata.</summary>
internal sealed class Representation
{
    private Representation(bool metadataOnly) => MetadataOnly = metadataOnly;

    public bool MetadataOnly { get; }

    /// <summary>The first form of the Accept header that the server has.</summary>
    /// <exception cref="ApiStatusException">406.</exception>
    public static Representation Negotiate(HttpContext context)
    {
        var accept = context.Request.Headers.Accept.ToString();
        if (accept.Length == 0)
        {
            return new(false);
        }

        foreach (var part in accept.Split(','))
        {
            var pieces = part.Split(';', StringSplitOptions.TrimEntries);
            if (pieces[0] is not ("application/json" or "*/*" or "application/*"))
            {
                continue;
            }

            switch (pieces.FirstOrDefault(piece => piece.StartsWith("as=", StringComparison.Ordinal)))
            {
                case null:
                    return new(false);
                case "as=PartialObjectMetadata" or "as=PartialObjectMetadataList":
                    return new(true);
            }
        }

        throw ApiFailure.NotAcceptable();
    }

    public ReadOnlyMemory<byte> Of(StoredObject item)
    {
        if (!MetadataOnly)
        {
            return item.Utf8;
        }

        return ApiJson.ToUtf8(new JsonObject
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = item.ToJson().Metadata().DeepClone(),
        });
    }
}
