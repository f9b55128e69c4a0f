namespace LlamaSpec.Calibration;

/// <summary>Where LlamaSpec keeps what it found out about a machine.</summary>
internal static class StateFolder
{
    /// <summary>
    /// That of <see cref="ProfileStore.FolderVariable"/>; else "llamaspec" in the user's folder for state (Linux:
    /// XDG_STATE_HOME or ~/.local/state) or local application data (elsewhere); null where the user has none.
    /// </summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable(ProfileStore.FolderVariable) is { Length: > 0 } chosen ? Path.GetFullPath(chosen)
        : UserFolder() is { } folder ? Path.Combine(folder, "llamaspec")
        : null;

    private static string? UserFolder()
    {
        if (!OperatingSystem.IsLinux())
        {
            return AbsoluteOrNull(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData));
        }

        // The XDG specification has relative paths ignored.
        return AbsoluteOrNull(Environment.GetEnvironmentVariable("XDG_STATE_HOME"))
            ?? (AbsoluteOrNull(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) is { } home ? Path.Combine(home, ".local", "state") : null);
    }

    private static string? AbsoluteOrNull(string? path) => Path.IsPathRooted(path) ? path : null;
}
