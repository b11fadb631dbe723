package dev.tidemill.stores.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// Connections to a PostgreSQL, wherever it is.
final class PostgresPool {
    private static final int CONNECTIONS = 8;

    private PostgresPool() {}

    static HikariDataSource open(String url, String user, String password) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setPoolName("registry");
        return new HikariDataSource(config);
    }

    /// @param migrations class path folder of Flyway's `V1__name.sql` files
    static void migrate(DataSource pool, String migrations) {
        Flyway.configure(PostgresPool.class.getClassLoader())
                .dataSource(pool)
                .locations("classpath:" + migrations)
                .failOnMissingLocations(true)
                .load()
                .migrate();
    }
}
