using System.Text.Json.Nodes;
using Intercept.Embedded.ApiServer.Failures;
using Intercept.Embedded.ApiServer.Registry;
using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Resources;

/// <summary>
/// The rules of one kind, called by <see cref="ObjectRegistry"/> at the points at which Kubernetes' own registries do it.
/// What is not overridden is the rule of a plain, stored kind such as a ConfigMap.
/// </summary>
internal abstract class ResourceStrategy
{
    /// <summary>A PUT of a name that does not exist creates it.</summary>
    public virtual bool AllowsCreateOnUpdate => false;

    /// <summary>A PUT without resourceVersion overwrites.</summary>
    public virtual bool AllowsUnconditionalUpdate => true;

    /// <summary>DELETE answers the object in place of a Status.</summary>
    public virtual bool ReturnsDeletedObject => false;

    /// <summary>Keeps <c>metadata.generation</c>.</summary>
    public virtual bool CountsGenerations => false;

    /// <summary>A write of the status sub-resource may also change labels, annotations and finalizers.</summary>
    public virtual bool StatusWritesMetadata => true;

    /// <summary>What a name must look like.</summary>
    public virtual NameRule NameRule => NameRule.Subdomain;

    /// <summary>Drops unknown fields and refuses wrong types; gives the paths of the dropped ones.</summary>
    public abstract IReadOnlyList<string> Decode(JsonObject json, ResourceDefinition resource);

    /// <summary>Fills in what Kubernetes fills in for every reader.</summary>
    public virtual void Default(JsonObject json)
    {
    }

    /// <summary>Sets what clients cannot set, when an object is created: its first status, and what admission adds.</summary>
    public virtual void PrepareForCreate(JsonObject json, RequestScope scope)
    {
    }

    /// <summary>Carries over what an update may leave out.</summary>
    public virtual void PrepareForUpdate(JsonObject next, JsonObject previous)
    {
    }

    public virtual void Validate(JsonObject json, List<FieldError> errors)
    {
    }

    public virtual void ValidateUpdate(JsonObject next, JsonObject previous, List<FieldError> errors)
    {
    }

    /// <summary>Takes what the object needs from the cluster (addresses, ports), after validation.</summary>
    public virtual void Allocate(JsonObject next, JsonObject? previous, List<FieldError> errors)
    {
    }

    /// <summary>Gives back what <see cref="Allocate"/> took for an object that was not stored after all.</summary>
    public virtual void Release(JsonObject next, JsonObject? previous)
    {
    }

    /// <summary>The object is gone: gives back all that was taken for it.</summary>
    public virtual void Released(StoredObject removed)
    {
    }

    /// <summary>Does what belongs to the creation of an object, right after it.</summary>
    public virtual void AfterCreate(StoredObject created, RequestScope scope)
    {
    }

    /// <summary>Decides how a deletion goes that no finalizer holds up; null removes the object at once.</summary>
    public virtual JsonObject? BeginDelete(StoredObject existing, DeleteRequest request, TimeProvider time) => null;

    /// <summary>A terminating object without finalizers may go.</summary>
    public virtual bool MayBeRemoved(JsonObject terminating) => true;

    /// <summary>The values that a field selector may ask for, beyond name and namespace; null where there is no such field.</summary>
    public virtual Func<JsonObject, string>? SelectableField(string path) => null;
}
