package dev.tidemill.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.postgres.LocalPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Control with a PostgreSQL that somebody else runs.
final class NamedDatabaseIT {
    private static final Instant START = Instant.parse("2026-11-22T09:00:00Z");

    @TempDir private static Path folder;
    private static LocalPostgres postgres;

    @BeforeAll
    static void somebody_makes_a_database_and_a_user() throws IOException {
        UnpackedPostgres.linkInto(folder.resolve("postgres"));
        postgres = LocalPostgres.start(folder.resolve("postgres"), UnpackedPostgres.MIGRATIONS);
        Jdbi.create(postgres.dataSource())
                .useHandle(handle -> {
                    handle.execute("create role registry login password 'it''s a secret'");
                    handle.execute("create database registry owner registry");
                });
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void what_control_knows_is_there_and_outlives_control_and_its_folder() throws Exception {
        Path secret = secret("right", "it's a secret");
        ScalingDecision decision =
                new ScalingDecision(
                        START,
                        "digits",
                        "hpa",
                        "cpu 70 %",
                        1,
                        2,
                        2,
                        List.of("max"),
                        2,
                        "because",
                        Map.of("cpu", 0.5),
                        Map.of());
        try (ControlProcess control = control("first", secret)) {
            client(control).decided(List.of(decision));
        }
        try (ControlProcess control = control("second", secret)) {
            assertThat(client(control).decisions("digits", Instant.EPOCH, 10))
                    .containsExactly(decision);
        }
        assertThat(folder.resolve("first/postgres")).doesNotExist();
    }

    @Test
    void a_wrong_password_is_said_at_once() throws IOException {
        Path secret = secret("wrong", "guess");

        assertThatThrownBy(() -> control("third", secret))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("password authentication failed for user \"registry\"")
                .hasMessageNotContaining("guess");
    }

    @Test
    void a_secret_without_a_password_is_named() throws IOException {
        Path secret = secret("half", "");
        Files.delete(secret.resolve("password"));

        assertThatThrownBy(() -> control("fourth", secret))
                .hasMessageContaining("database.credentials: '" + secret.resolve("password"));
    }

    private static Path secret(String name, String password) throws IOException {
        Path secret = Files.createDirectories(folder.resolve("secret-" + name));
        Files.writeString(secret.resolve("username"), "registry\n");
        Files.writeString(secret.resolve("password"), password);
        return secret;
    }

    private static ControlProcess control(String data, Path secret) {
        return new ControlProcess(
                new ControlConfig(
                        "control",
                        "127.0.0.1",
                        0,
                        folder.resolve(data).toString(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(
                                new DatabaseConfig(
                                        "postgresql://127.0.0.1:%d/registry?sslmode=disable"
                                                .formatted(postgres.port()),
                                        secret.toString())),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static ControlClient client(ControlProcess control) {
        return new ControlClient(
                HttpClient.newHttpClient(), URI.create("http://127.0.0.1:" + control.start()));
    }
}
