using System.Text.Json;
using LlamaSpec.Files;
using LlamaSpec.Policies.Costs;

namespace LlamaSpec.Calibration;

/// <summary>
/// Keeps cost profiles, and what was learned while running, in one folder: a file each for a key, which names the pair and the
/// machine. It is a cache: what cannot be read counts as missing, what cannot be written is not kept, and neither is an error.
/// Files are replaced in whole. Safe from any thread and process.
/// </summary>
public sealed class ProfileStore
{
    /// <summary>Environment variable that names another folder.</summary>
    public const string FolderVariable = "LLAMASPEC_STATE";

    /// <summary>Largest content of <see cref="TryWriteLearned"/>.</summary>
    public const int MostLearnedBytes = 1 << 20;

    private const int MostProfileBytes = 1 << 20;

    /// <summary>Opens a store; nothing is created before the first write.</summary>
    /// <param name="folder">
    /// null = that of <see cref="FolderVariable"/>, else "llamaspec" in the user's folder for state (Linux: XDG_STATE_HOME or
    /// ~/.local/state) or for local application data (elsewhere). A user without one has an empty store that keeps nothing.
    /// </param>
    public ProfileStore(string? folder = null) => Folder = folder ?? StateFolder.Find();

    /// <summary>The folder; null = nothing is kept.</summary>
    public string? Folder { get; }

    /// <summary>Where the profile of a key lies, or would; null = nothing is kept.</summary>
    /// <exception cref="ArgumentException">The key is not 64 hexadecimal digits.</exception>
    public string? ProfilePath(string key) => PathOf("costs-", key, ".json");

    /// <summary>The profile of a key, or null: never stored, damaged, of another version, or not to be read.</summary>
    /// <exception cref="ArgumentException">The key is not 64 hexadecimal digits.</exception>
    public CostProfile? TryRead(string key) => Try(ProfilePath(key), path =>
    {
        if (TryReadBytes(path, MostProfileBytes) is not { } content
            || JsonSerializer.Deserialize(content, ProfileJson.Default.ProfileDocument) is not { Version: ProfileDocument.CurrentVersion } document
            || document.Key != key)
        {
            return null;
        }

        ArgumentNullException.ThrowIfNull(document.Profile);
        document.Profile.Validate();
        return document.Profile;
    });

    /// <summary>Stores a profile in place of an earlier one. False where the folder cannot be written.</summary>
    /// <exception cref="ArgumentException">The profile is not valid, or the key is not 64 hexadecimal digits.</exception>
    public bool TryWrite(string key, CostProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        profile.Validate();
        var document = new ProfileDocument { Version = ProfileDocument.CurrentVersion, Key = key, Profile = profile };
        return Try(ProfilePath(key), path => WriteWhole(path, JsonSerializer.SerializeToUtf8Bytes(document, ProfileJson.Default.ProfileDocument)));
    }

    /// <summary>What <see cref="TryWriteLearned"/> stored last, or null. Its meaning is the writer's to check.</summary>
    /// <exception cref="ArgumentException">The key is not 64 hexadecimal digits.</exception>
    public byte[]? TryReadLearned(string key) => Try(LearnedPath(key), static path => TryReadBytes(path, MostLearnedBytes));

    /// <summary>
    /// Stores what was learned, in place of what was there. One writer at a time: false, with nothing changed, while another
    /// one writes for this key, and where the folder cannot be written.
    /// </summary>
    /// <exception cref="ArgumentException">The content is larger than <see cref="MostLearnedBytes"/>, or the key is not 64 hexadecimal digits.</exception>
    public bool TryWriteLearned(string key, ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MostLearnedBytes);
        var bytes = content.ToArray();
        return Try(LearnedPath(key), path =>
        {
            CreateFolder(path);
            using var writersTurn = new FileStream(LockOf(path), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            return WriteWhole(path, bytes);
        });
    }

    /// <summary>Deletes the profile of a key and what was learned. True when something was there and is gone.</summary>
    /// <exception cref="ArgumentException">The key is not 64 hexadecimal digits.</exception>
    public bool Delete(string key)
    {
        var deleted = Try(ProfilePath(key), DeleteFile);
        deleted |= Try(LearnedPath(key), DeleteFile);
        Try(LearnedPath(key), static path => DeleteFile(LockOf(path)));
        return deleted;
    }

    private string? LearnedPath(string key) => PathOf("learned-", key, ".bin");

    private string? PathOf(string prefix, string key, string suffix)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is < 1 or > 64 || !key.All(char.IsAsciiHexDigitLower))
        {
            throw new ArgumentException($"A key is 1 to 64 hexadecimal digits, but this one is \"{key}\".", nameof(key));
        }

        return Folder is null ? null : Path.Combine(Folder, $"{prefix}{key}{suffix}");
    }

    private static string LockOf(string path) => $"{path}.lock";

    private static byte[]? TryReadBytes(string path, int mostBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > mostBytes)
        {
            return null;
        }

        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static bool WriteWhole(string path, ReadOnlySpan<byte> content)
    {
        CreateFolder(path);
        using var file = AtomicFile.Create(path);
        file.Content.Write(content);
        file.Commit();
        return true;
    }

    private static bool DeleteFile(string path)
    {
        var exists = File.Exists(path);
        File.Delete(path);
        return exists;
    }

    private static void CreateFolder(string path) => Directory.CreateDirectory(Path.GetDirectoryName(path)!);

    // ArgumentException: a profile that does not pass its validation. NotSupportedException: JSON that no profile can be made of.
    private static T? Try<T>(string? path, Func<string, T?> use)
    {
        try
        {
            return path is null ? default : use(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or ArgumentException or NotSupportedException)
        {
            return default;
        }
    }
}
