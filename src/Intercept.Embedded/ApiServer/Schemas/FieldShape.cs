namespace Intercept.Embedded.ApiServer.Schemas;

/// <summary>What kind of JSON value a field holds.</summary>
internal enum FieldShape
{
    Any,
    Object,
    Map,
    List,
    Text,
    Integer,
    Number,
    Flag,
    IntegerOrText,
    Quantity,
    Bytes,
    Time,
    MicroTime,
}
