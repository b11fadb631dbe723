package dev.tidemill.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresAddressTest {
    @Test
    void becomes_what_the_driver_wants() {
        assertThat(jdbc("postgresql://db.data.svc/registry", Optional.empty()))
                .startsWith("jdbc:postgresql://db.data.svc/registry?")
                .doesNotContain("ssl");
        assertThat(
                        jdbc(
                                "postgres://[::1]:5433/registry?sslmode=verify-full",
                                Optional.of(Path.of("/etc/db/ca & co.crt"))))
                .startsWith("jdbc:postgresql://[::1]:5433/registry?")
                .endsWith("&sslmode=verify-full&sslrootcert=%2Fetc%2Fdb%2Fca+%26+co.crt");
    }

    @Test
    void believes_those_that_the_jdk_believes_where_no_authority_is_given() {
        assertThat(jdbc("postgresql://db/registry?sslmode=verify-full", Optional.empty()))
                .endsWith("&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://db/registry",
                "postgresql://db",
                "postgresql://user:word@db/registry",
                "postgresql://db/registry?socketFactory=evil",
                "postgresql://db/registry?sslmode=require&loggerFile=x",
                "postgresql://db/a/b"
            })
    void refuses_what_is_no_address(String url) {
        assertThatThrownBy(() -> address(url, Optional.empty()))
                .hasMessageContaining("(expected: postgresql://HOST:PORT/DATABASE");
    }

    @Test
    void a_server_that_is_not_there_is_waited_for_and_then_named() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        PostgresAddress address =
                address("postgresql://127.0.0.1:%d/registry".formatted(closed), Optional.empty());
        long[] now = {0};

        assertThatThrownBy(() ->
                        NamedPostgres.connect(
                                address,
                                "none",
                                Duration.ofSeconds(1),
                                () -> now[0] += 700_000_000))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED))
                .hasMessageContaining("PostgreSQL at " + address)
                .hasMessageNotContaining("a password");
        // Its beginning, a look that could still wait, and one that could not.
        assertThat(now[0]).isEqualTo(2_100_000_000);
    }

    private static String jdbc(String url, Optional<Path> authority) {
        return address(url, authority).jdbc();
    }

    private static PostgresAddress address(String url, Optional<Path> authority) {
        return new PostgresAddress(URI.create(url), "registry", "a password", authority);
    }
}
