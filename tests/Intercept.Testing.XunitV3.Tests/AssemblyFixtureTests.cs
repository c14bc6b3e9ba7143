using Intercept.Testing.Xunit.Tests;

[assembly: AssemblyFixture(typeof(HopFixture))]

namespace Intercept.Testing.XunitV3.Tests;

public sealed class AssemblyFixtureTests(HopFixture intercept) : SharedInterceptTests(intercept);

public sealed class SecondAssemblyFixtureTests(HopFixture intercept) : SharedInterceptTests(intercept);
