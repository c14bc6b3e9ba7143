using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Schemas;

namespace Intercept.Embedded.ApiServer.Resources;

/// <summary>A kind that Kubernetes itself defines.</summary>
internal class BuiltInStrategy : ResourceStrategy
{
    private readonly bool _createOnUpdate;
    private readonly bool _returnsDeleted;
    private readonly bool _generations;
    private readonly bool _unconditional;

    public BuiltInStrategy(bool createOnUpdate = false, bool returnsDeleted = false, bool generations = false, bool unconditional = true)
    {
        _createOnUpdate = createOnUpdate;
        _returnsDeleted = returnsDeleted;
        _generations = generations;
        _unconditional = unconditional;
    }

    public override bool AllowsCreateOnUpdate => _createOnUpdate;

    public override bool AllowsUnconditionalUpdate => _unconditional;

    public override bool ReturnsDeletedObject => _returnsDeleted;

    public override bool CountsGenerations => _generations;

    public override IReadOnlyList<string> Decode(JsonObject json, ResourceDefinition resource)
    {
        var decoder = new ModelDecoder(resource.Kind);
        try
        {
            decoder.Decode(json, resource.Schema);
        }
        catch (FormatException wrong)
        {
            throw ApiFailure.BadRequest($"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {wrong.Message}");
        }

        return decoder.UnknownFields;
    }
}
