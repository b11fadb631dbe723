package dev.tidemill.stores.files;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.spi.ArtifactStore;
import dev.tidemill.stores.spi.FolderDigest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Keeps artifacts under one folder:
///
/// - `sha256/HEX/...`: the artifact whose content has that digest, its files read-only
/// - `incoming/`: copies in the making; whatever is in it at the start is a crash's and is removed
///
/// An artifact is copied into `incoming`, forced to disk and renamed to its place in one step, so
/// it is there as a whole or not at all. One process at a time writes to a folder; within it, any
/// number of threads may.
public final class FileArtifactStore implements ArtifactStore {
    private final Path stored;
    private final Path incoming;
    private final LongSupplier freeBytes;

    private FileArtifactStore(Path root, LongSupplier freeBytes) {
        this.stored = root.resolve("sha256");
        this.incoming = root.resolve("incoming");
        this.freeBytes = freeBytes;
    }

    /// Opens the store in a folder, making it if needed, and removes what a crash left there.
    ///
    /// @throws TidemillException `INTERNAL` when the folder cannot be made or written
    public static FileArtifactStore in(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        return in(absolute, () -> usableSpace(absolute));
    }

    static FileArtifactStore in(Path root, LongSupplier freeBytes) {
        FileArtifactStore store = new FileArtifactStore(root, freeBytes);
        try {
            Files.createDirectories(store.stored);
            Files.createDirectories(store.incoming);
            try (Stream<Path> leftovers = Files.list(store.incoming)) {
                for (Path leftover : leftovers.toList()) {
                    PlainFolder.delete(leftover);
                }
            }
            return store;
        } catch (IOException e) {
            throw failed("start", root, e);
        }
    }

    @Override
    public Digest put(Path folder) {
        try {
            PlainFolder source = PlainFolder.scan(folder);
            Digest announced = FolderDigest.of(folder);
            return isIntact(announced) ? announced : copy(source);
        } catch (NoSuchFileException e) {
            throw refused(folder, "a folder that stays as it is while it is stored", e);
        } catch (PlainFolder.NotPlainException e) {
            throw refused(folder, e.getMessage(), e);
        } catch (IOException e) {
            throw failed("store", folder, e);
        }
    }

    @Override
    public Path open(Digest digest) {
        Path place = locate(digest);
        if (!Files.isDirectory(place)) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "artifact: '%s' (expected: one that was stored in %s)"
                            .formatted(digest, stored.getParent()));
        }
        try {
            Optional<String> defect = defect(place, digest);
            if (defect.isPresent()) {
                throw new TidemillException(
                        ErrorCode.CORRUPT_ARTIFACT,
                        "artifact %s: '%s' (expected: the files as they were stored)"
                                .formatted(place, defect.get()));
            }
            return place;
        } catch (IOException e) {
            throw failed("open", place, e);
        }
    }

    @Override
    public Path locate(Digest digest) {
        return stored.resolve(digest.hex());
    }

    private Digest copy(PlainFolder source) throws IOException {
        requireSpace(source);
        Path copy = Files.createTempDirectory(incoming, "put-");
        try {
            source.copyTo(copy);
            Digest digest = FolderDigest.of(copy);
            moveInto(copy, digest);
            return digest;
        } catch (IOException e) {
            if (isDiskFull(e)) {
                throw noSpace(source, e);
            }
            throw e;
        } finally {
            PlainFolder.delete(copy);
        }
    }

    /// Puts the copy in its place, unless another thread was faster. A damaged artifact in that
    /// place is replaced: the caller has just brought its content again.
    private void moveInto(Path copy, Digest digest) throws IOException {
        Path place = locate(digest);
        synchronized (this) {
            if (isIntact(digest)) {
                return;
            }
            if (Files.exists(place)) {
                Path aside = Files.createTempDirectory(incoming, "damaged-");
                Files.move(place, aside.resolve("artifact"), StandardCopyOption.ATOMIC_MOVE);
                PlainFolder.delete(aside);
            }
            Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE);
            PlainFolder.forceFolder(stored);
        }
    }

    private boolean isIntact(Digest digest) throws IOException {
        Path place = locate(digest);
        return Files.isDirectory(place) && defect(place, digest).isEmpty();
    }

    private static Optional<String> defect(Path place, Digest digest) throws IOException {
        try {
            PlainFolder.scan(place);
            Digest found = FolderDigest.of(place);
            return found.equals(digest) ? Optional.empty() : Optional.of("content " + found);
        } catch (PlainFolder.NotPlainException e) {
            return Optional.of("links or no files");
        }
    }

    private void requireSpace(PlainFolder source) {
        if (source.diskBytes() > freeBytes.getAsLong()) {
            throw noSpace(source, null);
        }
    }

    private TidemillException noSpace(PlainFolder source, @Nullable Throwable cause) {
        String message =
                "artifact: '%s' (expected: at most the %s that are free for %s)"
                        .formatted(
                                new ByteSize(source.diskBytes()),
                                new ByteSize(Math.max(0, freeBytes.getAsLong())),
                                stored.getParent());
        return cause == null
                ? new TidemillException(ErrorCode.NO_SPACE, message)
                : new TidemillException(ErrorCode.NO_SPACE, message, cause);
    }

    /// The JDK has no type for a full disk or quota; the system's words are the same in every
    /// locale of the C library because the JDK never sets one.
    private static boolean isDiskFull(IOException e) {
        String message = String.valueOf(e.getMessage());
        return !(e instanceof FileAlreadyExistsException)
                && (message.contains("No space left") || message.contains("quota exceeded"));
    }

    private static long usableSpace(Path root) {
        try {
            return Files.getFileStore(root).getUsableSpace();
        } catch (IOException e) {
            throw failed("ask for free space", root, e);
        }
    }

    private static TidemillException refused(Path folder, String expected, Exception cause) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "artifact: '%s' (expected: %s)".formatted(folder, expected),
                cause);
    }

    private static TidemillException failed(String what, Path where, IOException cause) {
        return new TidemillException(
                ErrorCode.INTERNAL,
                "artifacts: cannot %s '%s' (expected: a readable and writable folder): %s"
                        .formatted(what, where, cause),
                cause);
    }
}
