using Intercept.Proxy.Protocol;

namespace Intercept.Engine.Hijacking;

/// <summary>Refuses a participant for whom the record has no room.</summary>
internal static class RecordSize
{
    /// <exception cref="InterceptException">There are more participants than fit.</exception>
    public static void Check(ServiceRecord record)
    {
        if (record.ToJson().Length > ServiceRecord.LargestRecord)
        {
            throw new InterceptException(
                $"{record.Participants.Count - 1} intercepts stand on this Service already; their record would be larger than {ServiceRecord.LargestRecord} bytes. "
                + "Let tests share one intercept (BeginTestAsync) instead of opening one each.");
        }
    }
}
