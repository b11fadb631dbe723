package dev.tidemill.stores.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One data folder for all of them, made once: every test starts and stops servers on it, and none
/// depends on what another left in it.
final class LocalPostgresIT {
    private static final String MIGRATIONS = "dev/tidemill/stores/postgres/migrations";

    @TempDir private static Path parent;
    private static Path folder;
    private static Path data;

    @BeforeAll
    static void folders_may_have_spaces_and_apostrophes_in_their_names() {
        folder = parent.resolve("John's data");
        data = folder.resolve("data");
        LocalPostgres.start(folder, MIGRATIONS).close();
    }

    @Test
    void writes_are_durable_and_outlive_the_server() throws SQLException {
        try (LocalPostgres first = start()) {
            assertThat(one(first, "show fsync")).isEqualTo("on");
            assertThat(one(first, "show synchronous_commit")).isEqualTo("on");
            assertThat(one(first, "show full_page_writes")).isEqualTo("on");
            run(first, "insert into note values ('kept')");
        }
        try (LocalPostgres second = start()) {
            assertThat(one(second, "select text from note where text = 'kept'")).isEqualTo("kept");
        }
    }

    @Test
    void nobody_gets_in_without_the_password_of_this_start() throws SQLException {
        try (LocalPostgres postgres = start()) {
            assertThat(one(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(one(postgres, "show unix_socket_directories")).isEmpty();
            String url = "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(postgres.port());
            assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "postgres"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void a_server_whose_jvm_was_killed_is_stopped_and_what_it_committed_is_there()
            throws Exception {
        long orphan = startInAnotherJvmAndKillIt();
        assertThat(ProcessHandle.of(orphan)).isPresent();

        try (LocalPostgres next = start()) {
            assertThat(hasProgram(orphan)).isFalse();
            assertThat(next.pid()).isNotEqualTo(orphan);
            assertThat(one(next, "select text from note where text = 'committed'"))
                    .isEqualTo("committed");
        }
    }

    @Test
    void a_server_that_was_killed_itself_is_told_and_recovers() throws Exception {
        LocalPostgres killed = start();
        CountDownLatch told = new CountDownLatch(1);
        killed.onEnd(told::countDown);
        run(killed, "insert into note values ('recovered')");
        ProcessHandle server = ProcessHandle.of(killed.pid()).orElseThrow();
        server.destroyForcibly();
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        killed.close();

        try (LocalPostgres next = start()) {
            assertThat(one(next, "select text from note where text = 'recovered'"))
                    .isEqualTo("recovered");
        }
    }

    @Test
    void a_pid_file_that_names_another_program_harms_nobody() throws IOException {
        writePidFile(ProcessHandle.current().pid());

        start().close();

        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void a_pid_file_that_names_the_server_of_another_folder_harms_nobody(@TempDir Path elsewhere)
            throws Exception {
        useUnpackedPrograms(elsewhere);
        try (LocalPostgres other = LocalPostgres.start(elsewhere, MIGRATIONS)) {
            writePidFile(other.pid());

            start().close();

            assertThat(one(other, "select 'alive'")).isEqualTo("alive");
        }
    }

    @Test
    void a_folder_that_is_in_use_is_refused_and_its_server_lives_on() throws SQLException {
        try (LocalPostgres first = start()) {
            assertThatThrownBy(LocalPostgresIT::start)
                    .isInstanceOfSatisfying(
                            TidemillException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessageContaining("'in use'");
            assertThat(one(first, "select 'alive'")).isEqualTo("alive");
        }
    }

    @Test
    void a_server_that_cannot_start_says_why_in_its_own_words(@TempDir Path old)
            throws IOException {
        useUnpackedPrograms(old);
        Files.createDirectory(
                old.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(old.resolve("data").resolve("PG_VERSION"), "9.6\n");

        assertThatThrownBy(() -> LocalPostgres.start(old, MIGRATIONS))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_FAILED))
                .hasMessageContaining("'not started' (expected: started)")
                .hasMessageContaining("initialized by PostgreSQL version 9.6");
    }

    @Test
    void a_path_that_postgresql_would_hand_to_a_shell_is_refused() {
        assertThatThrownBy(() -> LocalPostgres.start(parent.resolve("$HOME"), MIGRATIONS))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("(expected: a path without \" $ `");
    }

    @Test
    void a_missing_migrations_folder_is_an_error_and_leaves_no_server() throws IOException {
        assertThatThrownBy(() -> LocalPostgres.start(folder, "dev/tidemill/no/such/folder"))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("dev/tidemill/no/such/folder");
        assertThat(data.resolve("postmaster.pid")).doesNotExist();
    }

    @Test
    void closing_leaves_no_process_behind_and_alarms_nobody() {
        LocalPostgres postgres = start();
        long pid = postgres.pid();
        CountDownLatch told = new CountDownLatch(1);
        postgres.onEnd(told::countDown);

        postgres.close();

        assertThat(told.getCount()).isOne();
        assertThat(hasProgram(pid)).isFalse();
        assertThat(data.resolve("postmaster.pid")).doesNotExist();
    }

    /// What the other JVM runs: starts a server, commits a row, says the server's pid, and waits to
    /// be killed.
    public static void main(String[] arguments) throws Exception {
        LocalPostgres postgres = LocalPostgres.start(Path.of(arguments[0]), MIGRATIONS);
        run(postgres, "insert into note values ('committed')");
        System.out.println("server " + postgres.pid());
        Thread.currentThread().join();
    }

    private static long startInAnotherJvmAndKillIt() throws Exception {
        Process jvm =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LocalPostgresIT.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            assertThat(line).startsWith("server ");
            jvm.destroyForcibly();
            assertThat(jvm.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return Long.parseLong(line.substring("server ".length()));
        }
    }

    /// Unpacking takes longer than all the rest.
    private static void useUnpackedPrograms(Path elsewhere) throws IOException {
        Files.createSymbolicLink(elsewhere.resolve("bin"), folder.resolve("bin"));
    }

    private static void writePidFile(long pid) throws IOException {
        Files.writeString(data.resolve("postmaster.pid"), "%d\n%s\n0\n1\n".formatted(pid, data));
    }

    /// An ended process that nobody collects keeps its pid, but has no program any more.
    private static boolean hasProgram(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
    }

    private static LocalPostgres start() {
        return LocalPostgres.start(folder, MIGRATIONS);
    }

    private static String one(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void run(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
