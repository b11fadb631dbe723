package dev.tidemill.stores.postgres;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// Unpacks a tar stream in the POSIX `ustar` format: folders, files and symbolic links. Anything
/// else, and any name that leads out of the target, is an error.
final class TarArchive {
    private static final int BLOCK = 512;
    private static final Set<PosixFilePermission> PROGRAM =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private final InputStream in;
    private final Path target;
    private final byte[] buffer = new byte[1 << 16];

    private TarArchive(InputStream in, Path target) {
        this.in = in;
        this.target = target;
    }

    /// @param in the archive, uncompressed
    /// @param target an empty folder
    static void unpack(InputStream in, Path target) throws IOException {
        new TarArchive(in, target).unpack();
    }

    private void unpack() throws IOException {
        for (byte[] header = block(); header[0] != 0; header = block()) {
            Path place = place(name(header));
            char type = (char) header[156];
            switch (type) {
                case '5' -> Files.createDirectories(place);
                case '2' -> link(place, text(header, 157, 100));
                case '0', '\0' -> file(place, octal(header, 124, 12), octal(header, 100, 8));
                default -> throw new IOException("tar: entry of type '" + type + "'");
            }
        }
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw new EOFException("tar: ends early");
        }
        return block;
    }

    private void file(Path place, long size, long mode) throws IOException {
        Files.createDirectories(place.getParent());
        long left = size;
        try (OutputStream out = Files.newOutputStream(place)) {
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("tar: ends early");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        if ((mode & 0100) != 0) {
            Files.setPosixFilePermissions(place, PROGRAM);
        }
    }

    private void link(Path place, String to) throws IOException {
        Files.createDirectories(place.getParent());
        Path aim = place.resolveSibling(to).normalize();
        if (!aim.startsWith(target)) {
            throw new IOException("tar: link to '" + to + "'");
        }
        Files.createSymbolicLink(place, Path.of(to));
    }

    private Path place(String name) throws IOException {
        Path place = target.resolve(name).normalize();
        if (!place.startsWith(target)) {
            throw new IOException("tar: entry '" + name + "'");
        }
        return place;
    }

    private static String name(byte[] header) {
        String prefix = text(header, 345, 155);
        String name = text(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        String digits = text(header, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("tar: number '" + digits + "'", e);
        }
    }
}
