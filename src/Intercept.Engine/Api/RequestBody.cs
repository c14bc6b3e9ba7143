using System.Text;

namespace Intercept.Engine.Api;

/// <summary>A body that can be sent more than once.</summary>
internal sealed record RequestBody(string Json, string MediaType)
{
    public StringContent ToContent() => new(Json, Encoding.UTF8, MediaType);
}
