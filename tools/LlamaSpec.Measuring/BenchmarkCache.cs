namespace LlamaSpec.Measuring;

/// <summary>Where the benchmarks keep files that are dear to make: "bench" in the cache folder that the build scripts use too.</summary>
internal static class BenchmarkCache
{
    /// <summary>Environment variable that names another cache folder.</summary>
    public const string FolderVariable = "LLAMASPEC_CACHE";

    private const string Name = "llamaspec";

    /// <summary>The folder; it may not exist yet.</summary>
    public static string Folder => Path.Combine(Root(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows()), "bench");

    /// <summary>Bytes that the disk of <see cref="Folder"/> has left for this user.</summary>
    /// <exception cref="IOException">The disk cannot be asked.</exception>
    public static long FreeBytes
    {
        get
        {
            var existing = new DirectoryInfo(Folder);
            while (existing is { Exists: false, Parent: { } parent })
            {
                existing = parent;
            }

            return new DriveInfo(existing.FullName).AvailableFreeSpace;
        }
    }

    /// <summary>The cache folder of all of LlamaSpec.</summary>
    /// <param name="variable">Reads an environment variable; an empty one counts as unset.</param>
    /// <param name="isWindows">Whether the user's own folder is the one of Windows.</param>
    public static string Root(Func<string, string?> variable, bool isWindows)
    {
        if (variable(FolderVariable) is { Length: > 0 } folder)
        {
            return folder;
        }

        if (isWindows)
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Name);
        }

        return variable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? Path.Combine(cache, Name)
            : Path.Combine(variable("HOME") is { Length: > 0 } home ? home : Path.GetTempPath(), ".cache", Name);
    }
}
