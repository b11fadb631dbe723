package dev.tidemill.stores.postgres;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One running PostgreSQL server on the data of one folder.
///
/// Its password is made at every start, set while nobody can connect, and known to nobody but this
/// object: whoever else is on the machine can reach the port, but not the data.
final class PostgresServer implements AutoCloseable {
    static final String USER = "postgres";

    private static final System.Logger LOG = System.getLogger(PostgresServer.class.getName());
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration FAST_LIMIT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 3;
    private static final File NOTHING = new File("/dev/null");

    private final PostgresPrograms programs;
    private final Process process;
    private final ServerOutput output;
    private final int port;
    private final String password;
    private volatile boolean closing;

    private PostgresServer(
            PostgresPrograms programs,
            Process process,
            ServerOutput output,
            int port,
            String password) {
        this.programs = programs;
        this.process = process;
        this.output = output;
        this.port = port;
        this.password = password;
    }

    /// Makes the data if there is none, and stops a server that was left behind on it.
    ///
    /// @param home for `bin/` and `data/`
    /// @throws IOException when it does not start, with the last lines that it said
    static PostgresServer start(Path home) throws IOException, InterruptedException {
        PostgresPrograms programs = PostgresPrograms.in(home.resolve("bin"));
        Path data = home.resolve("data");
        new OrphanedServer(programs, data).stop();
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialise(programs, home.resolve("data.new"), data);
        }
        // A port that is free now may be taken a moment later; and the processes of a server that
        // was killed need a moment to notice.
        for (int attempt = 1; ; attempt++) {
            try {
                return start(programs, data, freePort());
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.log(
                        System.Logger.Level.WARNING,
                        "PostgreSQL did not start, trying again: " + e.getMessage());
                Thread.sleep(Duration.ofMillis(200));
            }
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    String password() {
        return password;
    }

    /// Calls `action` if the server ends before [#close()].
    void onEnd(Runnable action) {
        CompletableFuture<Void> _ =
                process.onExit()
                        .thenRun(() -> {
                            if (!closing) {
                                action.run();
                            }
                        });
    }

    /// Fast shutdown: open transactions end, everything committed is kept.
    @Override
    public void close() {
        closing = true;
        try {
            interrupt(programs, process.pid());
            if (!output.awaitEnd(FAST_LIMIT)) {
                process.destroyForcibly();
                LOG.log(System.Logger.Level.WARNING, "PostgreSQL did not stop and was killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /// Asks a server for a fast shutdown. Java can send SIGTERM only, which makes PostgreSQL wait
    /// for its clients; its own tool sends the right signal on every system.
    static void interrupt(PostgresPrograms programs, long pid) throws InterruptedException {
        try {
            run(programs.command("pg_ctl", List.of("kill", "INT", String.valueOf(pid))), "");
        } catch (IOException e) {
            // It was faster: the process is gone.
            LOG.log(System.Logger.Level.DEBUG, "no process to stop", e);
        }
    }

    private static PostgresServer start(PostgresPrograms programs, Path data, int port)
            throws IOException, InterruptedException {
        configure(data, "postgresql.conf", port);
        configure(data, "pg_hba.conf", port);
        String password = freshPassword();
        run(
                programs.command("postgres", List.of("--single", "-D", data.toString(), USER)),
                "alter role %s password '%s'\n".formatted(USER, password));
        Process process =
                programs.detached("postgres", List.of("-D", data.toString()))
                        .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
                        .start();
        ServerOutput output = ServerOutput.of(process.getInputStream());
        if (!output.awaitReady(START_LIMIT)) {
            process.destroyForcibly();
            throw new IOException("it said:\n" + output.lastLines());
        }
        return new PostgresServer(programs, process, output, port, password);
    }

    /// Aside first, so that a crash in the middle leaves no half of a data folder.
    private static void initialise(PostgresPrograms programs, Path fresh, Path data)
            throws IOException, InterruptedException {
        PostgresPrograms.delete(fresh);
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("-D", fresh.toString(), "-U", USER, "-A", "trust"));
        arguments.addAll(List.of("-E", "UTF8", "--locale=C"));
        arguments.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        run(programs.command("initdb", arguments), "");
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void configure(Path data, String name, int port) throws IOException {
        try (InputStream template = PostgresServer.class.getResourceAsStream(name)) {
            if (template == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(data.resolve(name), text.replace("${port}", String.valueOf(port)));
        }
    }

    /// @throws IOException with what the program said, when it fails
    private static void run(ProcessBuilder command, String input)
            throws IOException, InterruptedException {
        Process process = command.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading; what it said tells why.
        }
        ServerOutput output = ServerOutput.of(process.getInputStream());
        if (!output.awaitEnd(START_LIMIT)) {
            process.destroyForcibly();
        }
        if (process.waitFor() != 0 || output.lastLines().contains("ERROR:")) {
            throw new IOException(
                    "%s failed; it said:\n%s"
                            .formatted(String.join(" ", command.command()), output.lastLines()));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static String freshPassword() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
}
