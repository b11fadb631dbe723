package dev.tidemill.cli.registry;

import dev.tidemill.client.control.ArtifactFiles;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.common.ByteSize;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.files.FileArtifactStore;
import dev.tidemill.stores.spi.FolderDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Brings versions of a registry into a folder that a model server serves. Each is downloaded file
/// by file beside the others, compared with its digest as a whole, kept by that digest, and only
/// then put in its place; when anything goes wrong, what was there stays there.
public final class RegistryPull implements AutoCloseable {
    private static final int MOST_FILES = 10_000;

    private final URI registry;
    private final ControlClient client;
    private final long mostBytes;
    private final List<RegistryModel> models;
    private final FileChannel lock;
    private final Path downloads;
    private final FileArtifactStore artifacts;
    private final ServingFolder serving;
    private final PullNotes notes;

    /// What is served now.
    private final Map<RegistryModel, PulledVersion> placed = new ConcurrentHashMap<>();

    /// @param registry such as `http://10.0.0.7:9000`
    /// @param token that the registry asks for
    /// @param cache a folder for versions, which nobody else uses at the same time
    /// @param mostBytes of one version
    /// @throws TidemillException `CONFLICT` when somebody else uses the cache
    public RegistryPull(
            URI registry,
            HttpClient http,
            Supplier<Optional<String>> token,
            Path cache,
            long mostBytes,
            List<RegistryModel> models) {
        this.registry = registry;
        this.client = new ControlClient(http, registry, token);
        this.mostBytes = mostBytes;
        this.models = List.copyOf(models);
        try {
            Files.createDirectories(cache);
            this.lock = locked(cache);
            this.downloads = cache.resolve("downloads");
            if (Files.exists(downloads)) {
                ServingFolder.remove(downloads);
            }
            Files.createDirectories(downloads);
            this.artifacts = FileArtifactStore.in(cache.resolve("artifacts"));
            this.serving = new ServingFolder(Files.createDirectories(cache.resolve("serving")));
            this.notes = new PullNotes(cache.resolve("pulled.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The folder of models to serve.
    public Path folder() {
        return serving.root();
    }

    public List<RegistryModel> models() {
        return models;
    }

    /// Brings every model, from the cache where the registry does not have it just now.
    ///
    /// @return a line for each, for people
    /// @throws TidemillException as [#pull] when there is none in the cache either
    public List<String> start() {
        List<String> lines = new ArrayList<>();
        try {
            serving.retain(models.stream().map(RegistryModel::name).collect(Collectors.toSet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (RegistryModel model : models) {
            lines.add(start(model));
        }
        return lines;
    }

    private String start(RegistryModel model) {
        try {
            pull(model);
            PulledVersion here = known(model).orElseThrow();
            return "pulled: %s version %d from %s"
                    .formatted(model.name(), here.version(), registry);
        } catch (TidemillException e) {
            Optional<PulledVersion> cached =
                    e.code() == ErrorCode.MODEL_NOT_FOUND ? Optional.empty() : known(model);
            if (cached.isEmpty()) {
                throw new TidemillException(
                        e.code(),
                        "registry %s: model %s: %s".formatted(registry, model, e.getMessage()),
                        e);
            }
            place(model, cached.get());
            return "cached: %s version %d, because registry %s: %s"
                    .formatted(model.name(), cached.get().version(), registry, e.getMessage());
        }
    }

    /// Brings the version that the registry means now, if it is another than before.
    ///
    /// @return its number when it is another
    /// @throws TidemillException `UPSTREAM_FAILED` when the registry does not answer as it should,
    ///   `MODEL_NOT_FOUND`, `TOO_LARGE`, `NO_SPACE`, `CORRUPT_ARTIFACT` when what came is not what
    ///   the registry announced
    public Optional<Integer> pull(RegistryModel model) {
        ModelVersion meant = client.version(model.registered(), model.selector());
        PulledVersion version =
                new PulledVersion(
                        registry.toString(), model.toString(), meant.version(), meant.digest());
        if (version.equals(placed.get(model))) {
            return Optional.empty();
        }
        if (!has(digest(version))) {
            download(version);
        }
        place(model, version);
        return Optional.of(version.version());
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<PulledVersion> known(RegistryModel model) {
        return notes.find(registry.toString(), model.toString());
    }

    private void place(RegistryModel model, PulledVersion version) {
        try {
            serving.place(model.name(), version.version(), artifacts.open(digest(version)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        notes.write(version);
        placed.put(model, version);
    }

    private boolean has(Digest digest) {
        if (!Files.isDirectory(artifacts.locate(digest))) {
            return false;
        }
        try {
            artifacts.open(digest);
            return true;
        } catch (TidemillException e) {
            // Damaged: it is brought again.
            return false;
        }
    }

    private void download(PulledVersion version) {
        Digest digest = digest(version);
        List<ArtifactFiles.Entry> files = client.files(version.digest()).files();
        requireModest(files);
        try {
            Path folder = Files.createTempDirectory(downloads, digest.shortHex() + "-");
            try {
                for (ArtifactFiles.Entry entry : files) {
                    Path file = folder.resolve(entry.path());
                    Files.createDirectories(file.getParent());
                    client.download(version.digest(), entry, file);
                }
                Digest came = FolderDigest.of(folder);
                if (!came.equals(digest)) {
                    throw new TidemillException(
                            ErrorCode.CORRUPT_ARTIFACT,
                            "version %d: digest: '%s' (expected: %s, as the registry says)"
                                    .formatted(version.version(), came, digest));
                }
                artifacts.put(folder);
            } finally {
                ServingFolder.remove(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireModest(List<ArtifactFiles.Entry> files) {
        double bytes = 0;
        for (ArtifactFiles.Entry entry : files) {
            Path path = Path.of(entry.path());
            if (entry.path().isEmpty()
                    || entry.bytes() < 0
                    || path.isAbsolute()
                    || !path.normalize().toString().equals(entry.path())
                    || path.startsWith("..")) {
                throw new TidemillException(
                        ErrorCode.UPSTREAM_FAILED,
                        "file: '%s' (expected: a path below the version's folder)"
                                .formatted(entry.path()));
            }
            bytes += entry.bytes();
        }
        if (bytes > mostBytes || files.size() > MOST_FILES) {
            throw new TidemillException(
                    ErrorCode.TOO_LARGE,
                    "version: '%.0f bytes in %d files' (expected: at most %s in %d files)"
                            .formatted(bytes, files.size(), new ByteSize(mostBytes), MOST_FILES));
        }
    }

    private static Digest digest(PulledVersion version) {
        try {
            return new Digest(version.digest());
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.UPSTREAM_FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private static FileChannel locked(Path cache) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // Held by this very process.
        }
        channel.close();
        throw new TidemillException(
                ErrorCode.CONFLICT,
                "registry cache: '%s' (expected: a folder that no other serve uses; see --registry-cache)"
                        .formatted(cache));
    }
}
