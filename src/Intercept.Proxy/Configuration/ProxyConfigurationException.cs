namespace Intercept.Proxy.Configuration;

/// <summary>The proxy can't start with the configuration that it found.</summary>
internal sealed class ProxyConfigurationException(string message, Exception? innerException = null) : Exception(message, innerException);
