namespace Intercept.Engine.Tests.Tunnels;

/// <summary>Bodies whose bytes can be told from each other.</summary>
internal static class Bytes
{
    public static byte[] Create(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
