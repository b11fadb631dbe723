package dev.tidemill.server.repository;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.TreeSet;

/// The files of a version: what tells one state of them from the next, and whether all of them
/// really lie inside the repository.
final class FileTree {
    private static final int MAX_FILES = 10_000;
    private static final int MAX_DEPTH = 16;

    private FileTree() {}

    /// Name, size, time and place of every file. Hidden files and those that editors leave do not
    /// count.
    ///
    /// @param root real path that no link may lead out of
    /// @throws IOException with a message for people when something cannot be read or leads out
    static String stamp(Path folder, Path root) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        Files.walkFileTree(
                folder,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                MAX_DEPTH,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes found)
                            throws IOException {
                        if (!dir.equals(folder) && isNoise(dir)) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        requireInside(dir, root);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes found)
                            throws IOException {
                        if (!isNoise(file)) {
                            requireInside(file, root);
                            lines.add(line(folder, file, found));
                        }
                        if (lines.size() > MAX_FILES) {
                            throw new IOException(
                                    "'%s' (expected: at most %d files)"
                                            .formatted(folder, MAX_FILES));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return String.join("\n", lines);
    }

    /// As above, for one file.
    static String stampOfFile(Path file, Path root) throws IOException {
        requireInside(file, root);
        return line(file, file, Files.readAttributes(file, BasicFileAttributes.class));
    }

    /// @throws IOException when the path leads out of the folder `root`, which is a real path
    static void requireInside(Path path, Path root) throws IOException {
        if (!path.toRealPath().startsWith(root)) {
            throw new IOException(
                    "'%s' leads to '%s' (expected: a place inside the repository '%s')"
                            .formatted(path, path.toRealPath(), root));
        }
    }

    /// Whether a file or folder is no part of a model: hidden, or an editor's or a copy's remains.
    static boolean isNoise(Path path) {
        Path last = path.getFileName();
        String name = last == null ? "" : last.toString();
        return name.startsWith(".")
                || name.endsWith("~")
                || name.endsWith(".swp")
                || name.endsWith(".tmp")
                || name.endsWith(".part");
    }

    private static String line(Path folder, Path file, BasicFileAttributes found) {
        return "%s %d %s %s"
                .formatted(
                        folder.relativize(file),
                        found.size(),
                        found.lastModifiedTime(),
                        found.fileKey());
    }
}
