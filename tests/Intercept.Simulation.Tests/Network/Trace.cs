using System.Globalization;
using System.Text;
using Intercept.Simulation.Tests.Cluster;
using Intercept.Simulation.Tests.Scheduling;

namespace Intercept.Simulation.Tests.Network;

/// <summary>Everything that happened in a schedule, in order: what a person needs who has only its seed.</summary>
internal sealed class Trace(Scheduler scheduler)
{
    private const int LongestBody = 400;

    private readonly List<(TimeSpan At, string Who, ApiRequest? Request, Outcome Outcome, int Status, string? Text)> _lines = [];

    /// <summary>How many requests reached the API.</summary>
    public int Requests { get; private set; }

    public void Served(string who, ApiRequest request, Outcome outcome, int status)
    {
        Requests++;
        _lines.Add((scheduler.Now, who, request, outcome, status, null));
    }

    public void Note(string who, string text) => _lines.Add((scheduler.Now, who, null, Outcome.Served, 0, text));

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (at, who, request, outcome, status, note) in _lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{at:mm\\:ss\\.fffffff} {who,-12} ");
            if (request is null)
            {
                text.AppendLine(note);
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{request} -> {(status == 0 ? "-" : status.ToString(CultureInfo.InvariantCulture))}");
            if (outcome.Fate != Fate.Served)
            {
                text.Append(CultureInfo.InvariantCulture, $" [{outcome}]");
            }

            if (request.IsWrite && request.Body.Length > 0)
            {
                var body = Encoding.UTF8.GetString(request.Body);
                text.Append(' ').Append(body.Length > LongestBody ? body[..LongestBody] + "…" : body);
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    /// <summary>The course alone, without what is random by nature (uids, tokens): equal for equal seeds.</summary>
    public string Course() => string.Join('\n', _lines.Select(line => $"{line.At.Ticks} {line.Who} {line.Request?.Method} {line.Outcome} {line.Status}"));
}
