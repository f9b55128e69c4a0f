using System.Runtime.InteropServices;
using System.Text;

namespace LlamaSpec.Native.Interop;

/// <summary>Looks for a native library in a list of directories, and tells what it tried.</summary>
internal static class NativeLibrarySearch
{
    /// <summary>Overrides where native libraries are looked for.</summary>
    public const string DirectoryVariable = "LLAMASPEC_NATIVE_DIR";

    /// <summary>The directories in order: the environment variable, the layout of packages and builds, the layout of published applications.</summary>
    public static IReadOnlyList<string> DefaultDirectories()
    {
        var fromEnvironment = Environment.GetEnvironmentVariable(DirectoryVariable);
        var runtimes = RuntimeFolders(RuntimeInformation.RuntimeIdentifier)
            .Select(static folder => Path.Combine(AppContext.BaseDirectory, "runtimes", folder, "native"));
        string[] fromApplication = [.. runtimes, AppContext.BaseDirectory];
        return string.IsNullOrWhiteSpace(fromEnvironment) ? fromApplication : [Path.GetFullPath(fromEnvironment), .. fromApplication];
    }

    /// <summary>Loads the library from the first directory that has it.</summary>
    /// <exception cref="NativeLibraryException">No directory has a library that loads. The message lists the paths tried.</exception>
    public static NativeLibrarySearchResult Load(string libraryName, IReadOnlyList<string> directories)
    {
        var fileName = FileName(libraryName);
        var trace = new StringBuilder();
        foreach (var directory in directories)
        {
            var path = Path.Combine(directory, fileName);
            if (!File.Exists(path))
            {
                trace.AppendLine().Append("  ").Append(path).Append(": no such file");
                continue;
            }

            try
            {
                return new NativeLibrarySearchResult(NativeLibrary.Load(path), directory);
            }
            catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
            {
                trace.AppendLine().Append("  ").Append(path).Append(": ").Append(exception.Message);
            }
        }

        throw new NativeLibraryException(
            $"The native library {libraryName} could not be loaded. Run ./build.sh native (Windows: ./build.ps1 native) once, "
            + $"or set {DirectoryVariable} to the directory that holds {fileName}. Tried:{trace}");
    }

    /// <summary>For example "linux-x64".</summary>
    public static string RuntimeIdentifier()
    {
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    /// <summary>
    /// The folders under "runtimes" in order. Where .NET was built for musl that is first its own folder, as the build
    /// scripts name it: libraries for glibc do not load there, but a package may have no others.
    /// </summary>
    /// <param name="identifier">What .NET says it was built for, for example "linux-musl-x64"; Alpine's own build says "alpine.3.22-x64".</param>
    public static IReadOnlyList<string> RuntimeFolders(string identifier)
    {
        var usual = RuntimeIdentifier();
        var isMusl = identifier.Contains("musl", StringComparison.Ordinal) || identifier.StartsWith("alpine", StringComparison.Ordinal);
        return isMusl ? [usual.Replace("linux-", "linux-musl-", StringComparison.Ordinal), usual] : [usual];
    }

    /// <summary>For example "libllamaspec_llama.so".</summary>
    public static string FileName(string libraryName) =>
        OperatingSystem.IsWindows() ? $"{libraryName}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{libraryName}.dylib"
        : $"lib{libraryName}.so";
}
