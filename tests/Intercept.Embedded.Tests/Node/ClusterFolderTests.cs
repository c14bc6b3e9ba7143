using System.Diagnostics;
using Intercept.Embedded.Node.Volumes;

namespace Intercept.Embedded.Tests.Node;

public sealed class ClusterFolderTests
{
    [Fact]
    public async Task Only_folders_of_processes_that_have_ended_are_deleted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a process to kill.");
        var root = Directory.CreateTempSubdirectory("intercept-folders-");
        try
        {
            using var other = Process.Start("sleep", "600");
            var own = Directory.CreateDirectory(ClusterFolder.NewPath(root.FullName));
            var killed = Directory.CreateDirectory(Path.Join(root.FullName, $"{ClusterFolder.NameOf(other.Id)}-x"));
            var reused = Directory.CreateDirectory(Path.Join(root.FullName, $"{string.Join('-', own.Name.Split('-')[..4])}-1-x"));
            var elsewhere = Directory.CreateDirectory(Path.Join(root.FullName, "intercept-embedded-00000000-1-1-x"));
            var foreign = Directory.CreateDirectory(Path.Join(root.FullName, "intercept-embedded-notes"));
            await File.WriteAllTextAsync(Path.Join(killed.FullName, "token"), "secret", TestContext.Current.CancellationToken);

            ClusterFolder.DeleteAbandoned(root.FullName);
            Assert.Equal((true, false), (Directory.Exists(killed.FullName), Directory.Exists(reused.FullName)));

            other.Kill();
            await other.WaitForExitAsync(TestContext.Current.CancellationToken);
            ClusterFolder.DeleteAbandoned(root.FullName);

            Assert.Equal(new[] { own.Name, elsewhere.Name, foreign.Name }.Order(), root.EnumerateDirectories().Select(folder => folder.Name).Order());
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
