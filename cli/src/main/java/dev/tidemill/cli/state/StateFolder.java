package dev.tidemill.cli.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The data folder of one `up`, by default `.tidemill` in the current folder: `run/` (who runs),
/// `logs/`, and what `control` keeps (`postgres/`, `artifacts/`).
public record StateFolder(Path root) {
    private static final JsonMapper JSON = JsonMapper.shared();

    public Path logs() {
        return root.resolve("logs");
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path log(String process) {
        return logs().resolve(process + ".log");
    }

    /// How far rollouts of the gateway have come.
    public Path canaries() {
        return root.resolve("gateway.canaries.json");
    }

    /// What can be made again: the environments of converters.
    public Path cache() {
        return root.resolve("cache");
    }

    /// What a detached `up` prints goes here.
    public Path output() {
        return logs().resolve("up.out");
    }

    /// PostgreSQL's own note of its pid and port.
    public Path postmasterPid() {
        return root.resolve("postgres").resolve("data").resolve("postmaster.pid");
    }

    public void create() throws IOException {
        Files.createDirectories(logs());
        Files.createDirectories(run());
    }

    /// The lock that says "an `up` uses this folder". The operating system releases it when its
    /// holder dies, however it dies.
    public Optional<FolderLock> tryLock() {
        try {
            create();
            FileChannel channel =
                    FileChannel.open(
                            run().resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (locked(channel)) {
                return Optional.of(new FolderLock(channel));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The note of the `up` that runs or ran here last.
    public Optional<RunNote> note() {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(noteFile()), RunNote.class));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    public void write(RunNote note) {
        try {
            Path fresh = run().resolve("up.json.new");
            Files.writeString(fresh, JSON.writeValueAsString(note), StandardCharsets.UTF_8);
            Files.move(
                    fresh,
                    noteFile(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void forget() {
        try {
            Files.deleteIfExists(noteFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
            return false;
        }
    }

    private Path noteFile() {
        return run().resolve("up.json");
    }

    /// Held while an `up` or another command uses the folder.
    public record FolderLock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
