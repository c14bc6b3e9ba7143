namespace Intercept.Testing.Xunit.Tests;

/// <summary>The running test's token; xunit v2 has none.</summary>
internal static class Current
{
#if XUNIT_V3
    public static CancellationToken Token => TestContext.Current.CancellationToken;
#else
    public static CancellationToken Token => CancellationToken.None;
#endif
}
