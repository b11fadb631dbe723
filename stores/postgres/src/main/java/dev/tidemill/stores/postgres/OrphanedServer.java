package dev.tidemill.stores.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A PostgreSQL server that outlived whoever started it: a killed JVM takes no child with it, and a
/// second server on the same data refuses to start.
final class OrphanedServer {
    private static final System.Logger LOG = System.getLogger(OrphanedServer.class.getName());
    private static final Duration FAST_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(10);

    private final PostgresPrograms programs;
    private final Path data;
    private final Path pidFile;

    OrphanedServer(PostgresPrograms programs, Path data) {
        this.programs = programs;
        this.data = data;
        this.pidFile = data.resolve("postmaster.pid");
    }

    /// Stops the server that `postmaster.pid` names, if it lives and serves this folder. Whatever
    /// other program has that pid today is left alone, and the file, which would keep PostgreSQL
    /// from starting, is removed.
    ///
    /// @throws IOException when the server cannot be stopped
    void stop() throws IOException, InterruptedException {
        Optional<ProcessHandle> named = named();
        if (named.isEmpty()) {
            return;
        }
        ProcessHandle server = named.get();
        if (!isServer(server)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "pid %d in %s is no server of it".formatted(server.pid(), pidFile));
            Files.deleteIfExists(pidFile);
            return;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "stopping PostgreSQL pid %d, left behind on %s".formatted(server.pid(), data));
        PostgresServer.interrupt(programs, server.pid());
        if (isGone(server)) {
            return;
        }
        // The write-ahead log repairs what this leaves.
        server.destroyForcibly();
        if (!isGone(server)) {
            throw new IOException(
                    "PostgreSQL pid %d does not end, even killed".formatted(server.pid()));
        }
    }

    /// The living process whose pid is in the file.
    private Optional<ProcessHandle> named() throws IOException {
        try {
            String first = Files.readAllLines(pidFile).getFirst();
            return ProcessHandle.of(Long.parseLong(first.strip())).filter(ProcessHandle::isAlive);
        } catch (NoSuchFileException | NumberFormatException | NoSuchElementException e) {
            return Optional.empty();
        }
    }

    /// Every stale file names this folder, so the process itself is asked: its program, and the
    /// folder in its arguments or, where the system shows it, as its working directory. A process
    /// that ended but was not collected by its parent shows neither.
    private boolean isServer(ProcessHandle process) {
        boolean isPostgres =
                process.info()
                        .command()
                        .map(command -> Path.of(command).endsWith("postgres"))
                        .orElse(false);
        return isPostgres && (hasArgument(process) || worksHere(process));
    }

    private boolean hasArgument(ProcessHandle process) {
        return process.info()
                .arguments()
                .map(arguments -> Arrays.asList(arguments).contains(data.toString()))
                .orElse(false);
    }

    private boolean worksHere(ProcessHandle process) {
        try {
            return Files.isSameFile(Path.of("/proc/" + process.pid() + "/cwd"), data);
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isGone(ProcessHandle server) throws InterruptedException {
        long deadline = System.nanoTime() + FAST_LIMIT.toNanos();
        while (server.isAlive() && isServer(server)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }
}
