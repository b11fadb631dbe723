package dev.tidemill.stores.postgres;

import javax.sql.DataSource;

/// A database whose schema is at the newest migration, and a pool of connections to it.
public sealed interface Postgres extends AutoCloseable permits LocalPostgres, NamedPostgres {
    DataSource dataSource();

    /// Calls `action`, once and on any thread, if the server ends before [#close()] and nothing but
    /// another start of this process brings it back.
    void onEnd(Runnable action);

    @Override
    void close();
}
