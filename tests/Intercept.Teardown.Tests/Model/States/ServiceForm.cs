namespace Intercept.Teardown.Tests.Model.States;

/// <summary>What the selector of the Service says.</summary>
internal enum ServiceForm : byte
{
    /// <summary>The owner's selector.</summary>
    Plain,

    /// <summary>Ours.</summary>
    Hijacked,

    /// <summary>Somebody merged the owner's selector into ours.</summary>
    Mixed,
}
