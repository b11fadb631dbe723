package dev.tidemill.stores.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A folder that holds regular files and folders only, at least one file, as it was found.
///
/// @param files relative to `root`
/// @param bytes of all files together
record PlainFolder(Path root, List<Path> files, long bytes) {
    private static final long BLOCK = 4096;

    PlainFolder {
        files = List.copyOf(files);
    }

    /// @throws NotPlainException when there is anything else in it, or nothing
    static PlainFolder scan(Path root) throws IOException {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotPlainException("a folder");
        }
        List<Path> files = new ArrayList<>();
        long[] bytes = {0};
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws NotPlainException {
                        Path relative = root.relativize(file);
                        if (!attributes.isRegularFile()) {
                            throw new NotPlainException(
                                    "regular files only, but " + relative + " is a link or device");
                        }
                        files.add(relative);
                        bytes[0] += attributes.size();
                        return FileVisitResult.CONTINUE;
                    }
                });
        if (files.isEmpty()) {
            throw new NotPlainException("a folder with at least one file");
        }
        return new PlainFolder(root, files, bytes[0]);
    }

    /// What a copy takes on disk: whole blocks, and one for each file's entry.
    long diskBytes() {
        return bytes + 2 * BLOCK * files.size();
    }

    /// Copies every file into an empty folder, read-only, and forces all of it to disk.
    void copyTo(Path target) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        for (Path file : files) {
            for (Path above = file.getParent(); above != null; above = above.getParent()) {
                folders.add(target.resolve(above));
            }
            Path copy = target.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(root.resolve(file), copy, LinkOption.NOFOLLOW_LINKS);
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            makeReadOnly(copy);
        }
        folders.add(target);
        for (Path folder : folders) {
            forceFolder(folder);
        }
    }

    /// Forces the names in a folder to disk.
    static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Removes a folder with all that is in it; nothing when it is gone already.
    static void delete(Path root) throws IOException {
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path folder, @Nullable IOException failure) throws IOException {
                            if (failure != null) {
                                throw failure;
                            }
                            Files.delete(folder);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (NoSuchFileException e) {
            // Moved to its place, or removed by whoever came first.
        }
    }

    private static void makeReadOnly(Path file) throws IOException {
        Files.setPosixFilePermissions(
                file,
                EnumSet.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.GROUP_READ,
                        PosixFilePermission.OTHERS_READ));
    }

    /// The message says what was expected.
    static final class NotPlainException extends IOException {
        NotPlainException(String expected) {
            super(expected);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
