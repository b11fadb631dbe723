package dev.tidemill.sources.kafka;

import dev.tidemill.testkit.TestAuthority;
import dev.tidemill.testkit.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kafka.tools.StorageTool;

/// One broker of Apache Kafka, its own controller, in a process of its own: plain, with a password,
/// and with a password over TLS.
final class RealKafka implements AutoCloseable {
    static final String USER = "tidemill";
    static final String PASSWORD = "a \"quoted\\ word";

    private static final long START_NANOS = 60_000_000_000L;
    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"x\""
                    + " password=\"x\" user_tidemill=\"a \\\"quoted\\\\ word\";";

    private final Path folder;
    private final Path settings;
    private final int plain = freePort();
    private final int sasl = freePort();
    private final int secure = freePort();
    private Process process;

    /// @param authority that signs the broker's certificate
    RealKafka(Path folder, TestAuthority authority) throws IOException {
        this.folder = folder;
        this.settings = folder.resolve("server.properties");
        int controller = freePort();
        Path certificate = folder.resolve("broker.crt");
        Path key = folder.resolve("broker.key");
        TestCertificate shown = authority.issue("localhost");
        shown.write(certificate, key);
        Path pair = folder.resolve("broker.pem");
        Files.writeString(pair, Files.readString(key) + Files.readString(certificate));
        Files.writeString(
                settings,
                """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%4$d
                listeners=PLAIN://127.0.0.1:%1$d,SASL://127.0.0.1:%2$d,SECURE://localhost:%3$d,CONTROLLER://127.0.0.1:%4$d
                advertised.listeners=PLAIN://127.0.0.1:%1$d,SASL://127.0.0.1:%2$d,SECURE://localhost:%3$d
                listener.security.protocol.map=PLAIN:PLAINTEXT,SASL:SASL_PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=PLAIN
                controller.listener.names=CONTROLLER
                sasl.enabled.mechanisms=PLAIN
                listener.name.sasl.plain.sasl.jaas.config=%5$s
                listener.name.secure.plain.sasl.jaas.config=%5$s
                listener.name.secure.ssl.keystore.type=PEM
                listener.name.secure.ssl.keystore.location=%6$s
                log.dirs=%7$s
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                group.initial.rebalance.delay.ms=0
                auto.create.topics.enable=false
                log.cleaner.enable=false
                num.network.threads=1
                num.io.threads=2
                broker.session.timeout.ms=600
                broker.heartbeat.interval.ms=100
                controller.quorum.election.timeout.ms=100
                controller.quorum.election.backoff.max.ms=100
                """
                        .formatted(
                                plain,
                                sasl,
                                secure,
                                controller,
                                LOGIN.replace("\\", "\\\\"),
                                pair,
                                folder.resolve("data")));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int formatted =
                StorageTool.execute(
                        new String[] {
                            "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", settings.toString()
                        },
                        new PrintStream(said, true));
        if (formatted != 0) {
            throw new IOException(said.toString());
        }
        this.process = launch();
    }

    String plain() {
        return "127.0.0.1:" + plain;
    }

    String sasl() {
        return "127.0.0.1:" + sasl;
    }

    String secure() {
        return "localhost:" + secure;
    }

    Map<String, Object> client() {
        return Map.of("bootstrap.servers", plain());
    }

    /// As `kill -9` does.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// After [#kill()], at the same addresses, with what it had.
    void startAgain() throws IOException {
        process = launch();
    }

    /// Holds it still, with its connections open.
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private Process launch() throws IOException {
        Path log = folder.resolve("kafka.log");
        Path quiet = folder.resolve("logging.properties");
        Files.writeString(
                quiet, "handlers=java.util.logging.ConsoleHandler%n.level=WARNING%n".formatted());
        Process started =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:TieredStopAtLevel=1",
                                        "-XX:+UseSerialGC",
                                        "-XX:+UnlockDiagnosticVMOptions",
                                        "-XX:-BytecodeVerificationRemote",
                                        "-Xmx256m",
                                        "-Djava.util.logging.config.file=" + quiet,
                                        "-cp",
                                        libraries(),
                                        "kafka.Kafka",
                                        settings.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        long began = System.nanoTime();
        while (started.isAlive() && System.nanoTime() - began < START_NANOS) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), secure)) {
                return started;
            } catch (IOException _) {
                Thread.onSpinWait();
            }
        }
        started.destroyForcibly();
        throw new IOException(Files.readString(log));
    }

    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(one -> one.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill %s %d".formatted(signal, process.pid()))
                .start()
                .waitFor();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
