using System.Security.Cryptography;
using System.Text;

namespace LlamaSpec;

/// <summary>
/// The frame of the files that training writes: a magic word, a version (u16), the content, and the SHA-256 of all before. Every
/// damage is an <see cref="InvalidDataException"/>, and nothing is allocated by a size that the file only claims.
/// </summary>
/// <param name="name">What the file holds, for messages.</param>
/// <param name="magic">The magic word, in ASCII.</param>
/// <param name="version">The version that is read.</param>
/// <param name="mostBytes">A limit for a file given by mistake.</param>
/// <param name="command">The command that makes such a file, for messages.</param>
internal sealed class CheckedFormat(string name, string magic, ushort version, int mostBytes, string command)
{
    /// <summary>Bytes of the checksum.</summary>
    public const int ChecksumBytes = 32;

    private readonly byte[] _magic = Encoding.ASCII.GetBytes(magic);

    /// <summary>Reads and checks a file, and opens its content: what lies between the version and the checksum.</summary>
    /// <exception cref="InvalidDataException">It is of another kind or version, or damaged.</exception>
    public BinaryReader Open(Stream stream)
    {
        var bytes = ReadAll(stream);
        if (bytes.Count < _magic.Length + sizeof(ushort) || !bytes.AsSpan(0, _magic.Length).SequenceEqual(_magic))
        {
            throw new InvalidDataException($"This is no {name}: it does not start with {magic}. Make one with llamaspec {command}.");
        }

        var found = BitConverter.ToUInt16(bytes.AsSpan(_magic.Length));
        if (found != version)
        {
            throw new InvalidDataException($"The {name} has version {found}, and this program reads version {version}. Train it again.");
        }

        var end = bytes.Count - ChecksumBytes;
        if (end < 0 || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
        {
            throw Damaged("its checksum is wrong");
        }

        var reader = new BinaryReader(new MemoryStream(bytes.Array!, 0, end), Encoding.UTF8);
        reader.BaseStream.Position = _magic.Length + sizeof(ushort);
        return reader;
    }

    /// <summary>Writes what comes before the content.</summary>
    public void WriteHeader(BinaryWriter writer)
    {
        writer.Write(_magic);
        writer.Write(version);
    }

    /// <summary>A value, if it is in its range.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public int InRange(int value, int minimum, int maximum, string what) =>
        value >= minimum && value <= maximum ? value : throw Damaged($"its {what} is {value}");

    /// <summary>The error of a file whose content cannot be right.</summary>
    public InvalidDataException Damaged(string what) => new($"The {name} is damaged: {what}. Train it again with llamaspec {command}.");

    private ArraySegment<byte> ReadAll(Stream stream)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            if (content.Length + count > mostBytes)
            {
                throw new InvalidDataException($"This is no {name}: it has more than {mostBytes >> 20} MiB.");
            }

            content.Write(buffer, 0, count);
        }

        return new ArraySegment<byte>(content.GetBuffer(), 0, (int)content.Length);
    }
}
