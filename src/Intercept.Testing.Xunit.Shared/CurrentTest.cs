#if XUNIT_V2
using Xunit.Abstractions;
#else
using Xunit;
#endif

namespace Intercept.Testing.Xunit;

/// <summary>What xunit knows of the running test: v3 much, v2 nothing.</summary>
internal static class CurrentTest
{
#if XUNIT_V2
    public static ITestOutputHelper? Output(ITestOutputHelper? given) => given;

    public static CancellationToken Token(CancellationToken given) => given;
#else
    public static ITestOutputHelper? Output(ITestOutputHelper? given) => given ?? TestContext.Current.TestOutputHelper;

    public static CancellationToken Token(CancellationToken given) =>
        given.CanBeCanceled ? given : TestContext.Current.CancellationToken;
#endif
}
