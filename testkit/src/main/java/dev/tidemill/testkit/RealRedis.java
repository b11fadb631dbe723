package dev.tidemill.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A Redis of its own: the one on the PATH, or the one that the archive `embedded-redis` brings.
public final class RealRedis implements AutoCloseable {
    private static final long START_NANOS = 20_000_000_000L;

    private final List<String> command;
    private final Path folder;
    private final int port;
    private Process process;

    private RealRedis(Path program, Path folder, int port, List<String> options)
            throws IOException {
        this.folder = folder;
        this.port = port;
        this.command = new ArrayList<>(List.of(program.toString(), "--bind", "127.0.0.1"));
        command.addAll(List.of("--port", Integer.toString(port), "--save", "", "--dir", "."));
        command.addAll(options);
        this.process = launch();
    }

    /// Skips the test where no Redis can run; `.ci/run` takes none that are.
    ///
    /// @param folder for its program and files
    /// @param options such as `--requirepass`
    public static RealRedis start(Path folder, String... options) throws IOException {
        Optional<Path> program = program(folder);
        Assumptions.assumeTrue(program.isPresent(), "no redis-server for this machine");
        return new RealRedis(program.orElseThrow(), folder, freePort(), List.of(options));
    }

    public int port() {
        return port;
    }

    public URI url() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    /// As `kill -9` does.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// After [#kill()], at the same address, empty.
    public void startAgain() throws IOException {
        process = launch();
    }

    /// Holds it still, with its connections open.
    public void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    public void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    /// One command by hand, such as `SCRIPT`, `FLUSH`, and the first line of its answer.
    public String command(String... words) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                request.append("$%d\r\n%s\r\n".formatted(word.length(), word));
            }
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder line = new StringBuilder();
            InputStream in = socket.getInputStream();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                line.append((char) c);
            }
            return line.toString().strip();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private Process launch() throws IOException {
        Process started =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("redis.log").toFile())
                        .start();
        long began = System.nanoTime();
        while (started.isAlive() && System.nanoTime() - began < START_NANOS) {
            try {
                String answer = command("PING");
                if (answer.startsWith("+PONG") || answer.startsWith("-NOAUTH")) {
                    return started;
                }
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        started.destroyForcibly();
        throw new IOException(Files.readString(folder.resolve("redis.log")));
    }

    private void signal(String signal) throws IOException, InterruptedException {
        // A shell's own: not every machine has it as a program.
        new ProcessBuilder("sh", "-c", "kill %s %d".formatted(signal, process.pid()))
                .start()
                .waitFor();
    }

    private static Optional<Path> program(Path folder) throws IOException {
        for (String place :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path installed = Path.of(place, "redis-server");
            if (!place.isEmpty() && Files.isExecutable(installed)) {
                return Optional.of(installed);
            }
        }
        String name = packed();
        try (InputStream in = RealRedis.class.getResourceAsStream(name)) {
            if (in == null) {
                return Optional.empty();
            }
            Path program = folder.resolve("redis-server");
            Files.copy(in, program);
            return program.toFile().setExecutable(true) && runs(program)
                    ? Optional.of(program)
                    : Optional.empty();
        }
    }

    /// It may want libraries that are not here.
    private static boolean runs(Path program) throws IOException {
        try {
            Process version = new ProcessBuilder(program.toString(), "--version").start();
            return version.waitFor(10, TimeUnit.SECONDS) && version.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String packed() {
        boolean arm = System.getProperty("os.arch", "").equals("aarch64");
        boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
        if (mac) {
            return "/redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64");
        }
        return arm ? "/redis-server-6.2.7-linux-arm64" : "/redis-server-6.2.6-v5-linux-amd64";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
