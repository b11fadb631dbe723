package dev.tidemill.control.training;

import dev.tidemill.client.control.StoredData;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// Data sets that were sent here, each a file named by its digest: callers on other machines have
/// them on theirs.
public final class DataSets {
    private final Path folder;
    private final Path scratch;

    /// @param scratch on the same disk, for what is on its way
    public DataSets(Path folder, Path scratch) {
        this.folder = folder;
        this.scratch = scratch;
    }

    /// Fills a file that is then compared with its digest.
    @FunctionalInterface
    public interface Source {
        void into(Path file) throws IOException;
    }

    public Optional<StoredData> find(Digest digest) {
        Path file = file(digest);
        try {
            return Files.isRegularFile(file)
                    ? Optional.of(new StoredData(digest.value(), Files.size(file)))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws TidemillException `CORRUPT_ARTIFACT` when what comes has another digest
    public StoredData put(Digest digest, Source source) throws IOException {
        Files.createDirectories(folder);
        Path arriving = Files.createTempFile(scratch, "data-", "");
        try {
            source.into(arriving);
            Digest came = Digest.of(arriving);
            if (!came.equals(digest)) {
                throw new TidemillException(
                        ErrorCode.CORRUPT_ARTIFACT,
                        "body: '%s' (expected: %s)".formatted(came, digest));
            }
            Files.move(arriving, file(digest), StandardCopyOption.ATOMIC_MOVE);
            return find(digest).orElseThrow();
        } finally {
            Files.deleteIfExists(arriving);
        }
    }

    /// Moves one to where it is of use to one run alone: it is no data set, or none that is needed
    /// again. Whoever else sends the same has a file of their own then.
    ///
    /// @throws TidemillException `NOT_FOUND` when it is not there, or is another's by now
    void claim(Digest digest, Path to) throws IOException {
        try {
            Files.move(file(digest), to, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            throw missing(digest, e);
        }
    }

    /// @param file that was claimed
    /// @throws TidemillException `CORRUPT_ARTIFACT` when it is not what was sent
    static void check(Digest digest, Path file) throws IOException {
        if (!Digest.of(file).equals(digest)) {
            throw corrupt(digest);
        }
    }

    /// Removes one that nobody needs.
    void forget(Digest digest) {
        try {
            Files.deleteIfExists(file(digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] read(Digest digest) {
        try {
            byte[] content = Files.readAllBytes(file(digest));
            if (!Digest.of(content).equals(digest)) {
                throw corrupt(digest);
            }
            return content;
        } catch (IOException e) {
            throw missing(digest, e);
        }
    }

    private static TidemillException corrupt(Digest digest) {
        return new TidemillException(
                ErrorCode.CORRUPT_ARTIFACT,
                "data: '%s' (expected: what was sent by that digest; send it again)"
                        .formatted(digest));
    }

    private static TidemillException missing(Digest digest, IOException cause) {
        return new TidemillException(
                ErrorCode.NOT_FOUND,
                "data: '%s' (expected: the digest of a data set that was sent before)"
                        .formatted(digest),
                cause);
    }

    /// @throws TidemillException `INVALID_REQUEST`
    public static Digest digest(String text) {
        try {
            return new Digest(text);
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private Path file(Digest digest) {
        return folder.resolve(digest.hex());
    }
}
