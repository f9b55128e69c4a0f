using System.Runtime.InteropServices;
using LlamaSpec.Native;

namespace LlamaSpec.Measuring.Systems;

/// <summary>Finds a llama-server: the one that was named, or one of those that usually are there.</summary>
internal static class LlamaServerSearch
{
    /// <summary>Environment variable that names the executable.</summary>
    public const string Variable = "LLAMASPEC_LLAMA_SERVER";

    /// <summary>The executable's full path.</summary>
    /// <param name="path">As the user named it, or null.</param>
    /// <exception cref="FileNotFoundException">There is none; the message says how to get one.</exception>
    public static string Find(string? path) =>
        Find(path, Environment.GetEnvironmentVariable, BenchmarkCache.Root(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows()));

    /// <summary>The same, for any environment.</summary>
    /// <param name="path">As the user named it, or null.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="cacheFolder">LlamaSpec's cache.</param>
    public static string Find(string? path, Func<string, string?> variable, string cacheFolder)
    {
        if (path is not null)
        {
            return Existing(path) ?? throw new FileNotFoundException($"The llama-server {path} does not exist. Name its executable.");
        }

        if (variable(Variable) is { Length: > 0 } named)
        {
            return Existing(named) ?? throw new FileNotFoundException($"{Variable} names {named}, which does not exist. Name the llama-server executable.");
        }

        var folders = (variable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Append(BuiltFolder(cacheFolder)).Select(folder => Existing(Path.Combine(folder, FileName))).FirstOrDefault(static found => found is not null)
            ?? throw new FileNotFoundException(
                $"There is no {FileName}: neither in PATH nor built in the cache. Build the pinned one with './build.sh llama-server' in a clone of "
                + $"LlamaSpec (5 to 30 minutes, once), or name one with --llama-server or {Variable}.");
    }

    /// <summary>Where the build scripts put the one of the pinned llama.cpp.</summary>
    // The published binaries call their version "0.5.0-dev".
    public static string BuiltFolder(string cacheFolder) => Path.Combine(
        cacheFolder, $"llama.cpp-v{LlamaBackend.LlamaVersion.Split('-')[0]}", $"{RuntimeInformation.RuntimeIdentifier}-server");

    /// <summary>The executable's name on this system.</summary>
    public static string FileName => OperatingSystem.IsWindows() ? "llama-server.exe" : "llama-server";

    private static string? Existing(string path) => File.Exists(path) ? Path.GetFullPath(path) : null;
}
