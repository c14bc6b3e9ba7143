namespace Intercept.Testing.Tests.Fakes;

/// <summary>Always gives the same answer, to tell targets apart.</summary>
internal sealed class AnswerHandler(string answer) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage { Content = new StringContent(answer) });
}
