using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Intercept.Embedded;

/// <summary>How an embedded cluster behaves.</summary>
public sealed class EmbeddedClusterOptions
{
    /// <summary>The programs that containers can run.</summary>
    public EmbeddedImages Images { get; } = new();

    /// <summary>
    /// How long a change of a Service or its endpoints takes at most until new connections follow it; each change takes a
    /// random part of it. The default is 200 ms; a real node may take up to 1 s or more; zero means at once.
    /// </summary>
    public TimeSpan ServiceSyncLag { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long <see cref="EmbeddedCluster.WaitUntilReadyAsync"/> waits. The default is 30 seconds.</summary>
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the cluster's own components log; the pods' logs are read through the API. The default is nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>The clock of the cluster. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
