namespace Intercept.Teardown.Tests.Model;

/// <summary>What the explored protocol is, and how much may go wrong.</summary>
/// <param name="Mistakes">Mistakes made on purpose.</param>
/// <param name="ThirdPartyEdits">How often a third party may change something; at most 3.</param>
/// <param name="Suspicions">How many participants may be suspected while alive.</param>
/// <param name="SweeperCrashes">How often the sweeper may crash; at most 3.</param>
/// <param name="ReaperDeploymentLast">
/// The reaper releases its own Deployment after the Session, as ours does, and closes those first who have no claim on it.
/// </param>
internal sealed record ModelSettings(
    Mistakes Mistakes = Mistakes.None,
    int ThirdPartyEdits = 0,
    int Suspicions = 0,
    int SweeperCrashes = 0,
    bool ReaperDeploymentLast = false)
{
    public bool Has(Mistakes mistake) => (Mistakes & mistake) != 0;

    public override string ToString() =>
        $"{Mistakes}, third party <= {ThirdPartyEdits}, suspicions <= {Suspicions}, sweeper crashes <= {SweeperCrashes}"
        + (ReaperDeploymentLast ? ", the reaper's Deployment last" : "");
}
