namespace Intercept.Teardown.Tests.Model.States;

/// <summary>A set of the two participants of the model. One of them alone names it.</summary>
[Flags]
internal enum Holders : byte
{
    None = 0,
    A = 1,
    B = 2,
}
