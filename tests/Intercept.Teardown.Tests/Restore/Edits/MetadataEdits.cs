namespace Intercept.Teardown.Tests.Restore.Edits;

internal sealed record SetLabel(string Key, string Value) : Edit
{
    public override OwnedService Apply(OwnedService service) => service with { Labels = service.Labels.SetItem(Key, Value) };
}

internal sealed record SetAnnotation(string Key, string Value) : Edit
{
    public override OwnedService Apply(OwnedService service) => service with { Annotations = service.Annotations.SetItem(Key, Value) };
}

internal sealed record RemoveAnnotation(string Key) : Edit
{
    public override OwnedService Apply(OwnedService service) => service with { Annotations = service.Annotations.Remove(Key) };
}
