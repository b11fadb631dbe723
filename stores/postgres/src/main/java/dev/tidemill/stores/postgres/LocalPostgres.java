package dev.tidemill.stores.postgres;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/// A PostgreSQL server of our own on this machine, with its data in a folder that outlives it, a
/// pool of connections to it, and its schema at the newest migration. Durable as a server should
/// be: `fsync` and `synchronous_commit` are on.
public final class LocalPostgres implements Postgres {
    private final FileChannel lock;
    private final PostgresServer server;
    private final HikariDataSource pool;

    private LocalPostgres(FileChannel lock, PostgresServer server, HikariDataSource pool) {
        this.lock = lock;
        this.server = server;
        this.pool = pool;
    }

    /// Starts the server, stopping an orphaned one on the same data first, and brings the database
    /// to the newest migration.
    ///
    /// @param folder for `bin/`, `data/` and `lock`
    /// @param migrations class path folder of Flyway's `V1__name.sql` files
    /// @throws TidemillException `INVALID_REQUEST` when the folder's path has a character that
    ///   PostgreSQL cannot take, `CONFLICT` when a living process uses the folder,
    ///   `UPSTREAM_FAILED` with the server's last words when it does not start or a migration fails
    public static LocalPostgres start(Path folder, String migrations) {
        Path home = folder.toAbsolutePath().normalize();
        requirePlain(home);
        FileChannel lock = lock(home);
        try {
            PostgresServer server = PostgresServer.start(home);
            try {
                HikariDataSource pool = pool(server);
                PostgresPool.migrate(pool, migrations);
                return new LocalPostgres(lock, server, pool);
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        } catch (IOException | FlywayException | HikariPool.PoolInitializationException e) {
            unlock(lock);
            throw notStarted(home, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            unlock(lock);
            Thread.currentThread().interrupt();
            throw notStarted(home, "interrupted", e);
        }
    }

    @Override
    public DataSource dataSource() {
        return pool;
    }

    public int port() {
        return server.port();
    }

    /// The server's process id.
    public long pid() {
        return server.pid();
    }

    /// Calls `action`, once and on any thread, if the server ends without [#close()]: nothing
    /// brings it back but another start.
    @Override
    public void onEnd(Runnable action) {
        server.onEnd(action);
    }

    @Override
    public void close() {
        pool.close();
        server.close();
        unlock(lock);
    }

    /// PostgreSQL's own programs hand paths to a shell between double quotes.
    private static void requirePlain(Path home) {
        if (home.toString().chars().anyMatch(c -> "\"$`\\\n".indexOf(c) >= 0)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "data folder: '%s' (expected: a path without \" $ ` \\ and line breaks)"
                            .formatted(home));
        }
    }

    /// The operating system ends the lock with the process, however that ends. Without it, two
    /// processes would each take the other's server for an orphan.
    private static FileChannel lock(Path home) {
        try {
            Files.createDirectories(home);
            FileChannel channel =
                    FileChannel.open(
                            home.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return channel;
            }
            channel.close();
        } catch (IOException e) {
            throw notStarted(home, "cannot lock the folder: " + e, e);
        }
        throw new TidemillException(
                ErrorCode.CONFLICT,
                "PostgreSQL in %s: 'in use' (expected: a folder that no other process uses)"
                        .formatted(home));
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static void unlock(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HikariDataSource pool(PostgresServer server) {
        // The loopback needs no negotiation of encryption.
        return PostgresPool.open(
                "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=disable&gssEncMode=disable"
                        .formatted(server.port()),
                PostgresServer.USER,
                server.password());
    }

    private static TidemillException notStarted(Path home, String why, Throwable cause) {
        return new TidemillException(
                ErrorCode.UPSTREAM_FAILED,
                "PostgreSQL in %s: 'not started' (expected: started); %s".formatted(home, why),
                cause);
    }
}
