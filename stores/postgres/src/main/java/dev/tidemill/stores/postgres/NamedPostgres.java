package dev.tidemill.stores.postgres;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/// A PostgreSQL that somebody else runs. It may go away and come back: what needs it fails
/// meanwhile, and connections are made anew.
public final class NamedPostgres implements Postgres {
    /// Classes of SQL states in which waiting may help: no connection, no resources, an operator
    /// that shuts down or starts, and the driver's own for a socket that fails.
    private static final Set<String> PASSING = Set.of("08", "53", "57");

    private static final long PAUSE_MILLIS = 500;

    private final HikariDataSource pool;

    private NamedPostgres(HikariDataSource pool) {
        this.pool = pool;
    }

    /// Waits for the server, and brings the database to the newest migration.
    ///
    /// @param migrations class path folder of Flyway's `V1__name.sql` files
    /// @param patience how long to wait for a server that starts meanwhile; a wrong password or
    ///   database is said at once
    /// @param nanos a monotonic clock
    /// @throws TidemillException `UPSTREAM_FAILED` with the server's words
    public static NamedPostgres connect(
            PostgresAddress address, String migrations, Duration patience, LongSupplier nanos) {
        await(address, nanos.getAsLong() + patience.toNanos(), nanos);
        HikariDataSource pool;
        try {
            pool = PostgresPool.open(address.jdbc(), address.user(), address.password());
        } catch (HikariPool.PoolInitializationException e) {
            throw failed(address, e);
        }
        try {
            PostgresPool.migrate(pool, migrations);
            return new NamedPostgres(pool);
        } catch (FlywayException e) {
            pool.close();
            throw failed(address, e);
        }
    }

    private static void await(PostgresAddress address, long end, LongSupplier nanos) {
        while (true) {
            try (Connection _ =
                    DriverManager.getConnection(
                            address.jdbc(), address.user(), address.password())) {
                return;
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                boolean passing = state.length() >= 2 && PASSING.contains(state.substring(0, 2));
                if (!passing || nanos.getAsLong() - end >= 0) {
                    throw failed(address, e);
                }
                pause(address);
            }
        }
    }

    private static void pause(PostgresAddress address) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(address, e);
        }
    }

    @Override
    public DataSource dataSource() {
        return pool;
    }

    /// Never: connections are made anew when it is back.
    @Override
    public void onEnd(Runnable action) {}

    @Override
    public void close() {
        pool.close();
    }

    private static TidemillException failed(PostgresAddress address, Exception cause) {
        return new TidemillException(
                ErrorCode.UPSTREAM_FAILED,
                "PostgreSQL at %s: 'not usable' (expected: a database that user '%s' may make tables"
                                .formatted(address, address.user())
                        + " in); "
                        + cause.getMessage(),
                cause);
    }
}
