namespace Intercept.Engine.Journal;

/// <summary>As what a Session stands in the cluster.</summary>
internal enum JournalForm
{
    /// <summary>The custom resource <c>sessions.system.codezero.io</c>.</summary>
    CustomResource,

    /// <summary>A ConfigMap with the same content, where the custom resource is missing and may not be installed.</summary>
    ConfigMap,
}
