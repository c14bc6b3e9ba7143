using Intercept.Embedded.ApiServer.Storage;

namespace Intercept.Embedded.ApiServer.Registry;

/// <summary>What a deletion left: the object in its last state, and whether it is gone.</summary>
internal sealed record DeleteOutcome(StoredObject Object, bool IsGone);
