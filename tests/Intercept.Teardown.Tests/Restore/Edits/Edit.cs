namespace Intercept.Teardown.Tests.Restore.Edits;

/// <summary>What somebody does to a Service without knowing of us. The same edit is made to a hijacked Service and to one that never was.</summary>
internal abstract record Edit
{
    public abstract OwnedService Apply(OwnedService service);
}
