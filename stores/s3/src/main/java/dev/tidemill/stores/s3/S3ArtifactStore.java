package dev.tidemill.stores.s3;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.spi.ArtifactStore;
import dev.tidemill.stores.spi.FolderDigest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Keeps artifacts in a bucket, and those that are used on a local disk too:
///
/// - `sha256/HEX/files/...`: the files of the artifact whose content has that digest
/// - `sha256/HEX/listing`: their digests and names, the text whose digest that is; it is put last,
///   so an artifact is there as a whole or not at all
///
/// Any number of processes may share a bucket: the same name always means the same content.
public final class S3ArtifactStore implements ArtifactStore, AutoCloseable {
    private final S3Objects objects;
    private final S3Address address;
    private final ArtifactStore near;
    private final Path scratch;

    /// @param credentials asked for each request, so that they may be exchanged
    /// @param near where artifacts are on this machine; may be lost at any time
    /// @param scratch folder for what is on its way, on the same disk
    public S3ArtifactStore(
            S3Address address,
            Supplier<S3Credentials> credentials,
            InstantSource clock,
            ArtifactStore near,
            Path scratch) {
        this.objects = new S3Objects(address, credentials, clock);
        this.address = address;
        this.near = near;
        this.scratch = scratch;
    }

    @Override
    public Digest put(Path folder) {
        Digest digest = near.put(folder);
        try {
            if (objects.get(key(digest, "listing")).isEmpty()) {
                upload(digest, near.locate(digest));
            }
            return digest;
        } catch (IOException e) {
            throw failed("store", digest, e);
        }
    }

    private void upload(Digest digest, Path folder) throws IOException {
        String listing = FolderDigest.listing(folder);
        for (Entry entry : entries(digest, listing)) {
            Path file = folder.resolve(entry.name());
            if (Files.size(file) > S3Objects.MOST) {
                throw new TidemillException(
                        ErrorCode.NO_SPACE,
                        "%s: '%d bytes' (expected: at most the %d that one request can put)"
                                .formatted(entry.name(), Files.size(file), S3Objects.MOST));
            }
            objects.put(key(digest, "files/" + entry.name()), file);
        }
        objects.put(key(digest, "listing"), listing.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Path open(Digest digest) {
        if (!Files.isDirectory(near.locate(digest))) {
            try {
                download(digest);
            } catch (IOException e) {
                throw failed("take", digest, e);
            }
        }
        return near.open(digest);
    }

    private void download(Digest digest) throws IOException {
        byte[] listing =
                objects.get(key(digest, "listing"))
                        .orElseThrow(() ->
                                new TidemillException(
                                        ErrorCode.NOT_FOUND,
                                        "artifact: '%s' (expected: one that was stored in %s)"
                                                .formatted(digest, address)));
        if (!Digest.of(listing).equals(digest)) {
            throw corrupt(digest, "listing");
        }
        Path folder = Files.createTempDirectory(Files.createDirectories(scratch), "s3-");
        try {
            for (Entry entry : entries(digest, new String(listing, StandardCharsets.UTF_8))) {
                Path file = folder.resolve(entry.name());
                Files.createDirectories(file.getParent());
                objects.download(key(digest, "files/" + entry.name()), file);
                if (!Digest.of(file).equals(entry.digest())) {
                    throw corrupt(digest, entry.name());
                }
            }
            if (!near.put(folder).equals(digest)) {
                throw corrupt(digest, "listing");
            }
        } finally {
            delete(folder);
        }
    }

    @Override
    public Path locate(Digest digest) {
        return near.locate(digest);
    }

    @Override
    public void close() {
        objects.close();
    }

    private record Entry(Digest digest, String name) {}

    /// Names lead nowhere but into the folder: whose digest they have said so when it was stored.
    private List<Entry> entries(Digest digest, String listing) {
        return listing.lines()
                .map(line -> {
                    String[] parts = line.split("  ", 2);
                    if (parts.length < 2
                            || parts[1].startsWith("/")
                            || List.of(parts[1].split("/")).contains("..")) {
                        throw corrupt(digest, "listing");
                    }
                    return new Entry(new Digest(parts[0]), parts[1]);
                })
                .toList();
    }

    private static String key(Digest digest, String name) {
        return "sha256/%s/%s".formatted(digest.hex(), name);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException _) {
            // Taken over by whom it was put to.
        }
    }

    private TidemillException corrupt(Digest digest, String what) {
        return new TidemillException(
                ErrorCode.CORRUPT_ARTIFACT,
                "artifact %s in %s: '%s' (expected: the files as they were stored)"
                        .formatted(digest, address, what));
    }

    private TidemillException failed(String what, Digest digest, IOException cause) {
        return new TidemillException(
                ErrorCode.UPSTREAM_FAILED,
                "artifacts: cannot %s '%s' (expected: %s to answer): %s"
                        .formatted(what, digest, address, cause),
                cause);
    }
}
