package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Json;
import dev.tidemill.server.repository.ModelSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The process as its supervisor sees it: lines in, lines out.
final class ServerProcessIT {
    @TempDir Path folder;

    @Test
    void listens_turns_ready_serves_and_ends_with_its_input() throws Exception {
        PipedOutputStream commands = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(commands, 1 << 16);
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> run(in, new LinePrinter(lines), ended));

        write(commands, config(Artifact.classifier(folder, "levels", "middle")));

        String listening = event(lines);
        int port = JsonMapper.shared().readTree(listening).get("port").intValue();
        assertThat(listening).matches("\\{\"event\":\"listening\",\"port\":\\d+}");
        assertThat(event(lines)).isEqualTo("{\"event\":\"ready\"}");
        assertThat(status(port)).isEqualTo(200);

        commands.close();
        ended.get();
        assertThatThrownBy(() -> status(port)).isInstanceOf(IOException.class);
    }

    @Test
    void refuses_a_configuration_that_is_not_one() {
        for (String line :
                List.of(
                        "",
                        "{}",
                        "[]",
                        config(source("a", "/abs"), source("a", "/abs")),
                        config(source("a", "/abs")).replaceAll("\\[.*]", "[]"),
                        config(source("a", "/abs"))
                                .replace("\"maxInFlight\":8", "\"maxInFlight\":0"),
                        config(source("a", "/abs")).replace("/abs", "relative"),
                        config(source("a", "/abs")).replace("sha256:", "md5:"),
                        config(source("a", "/abs")).replace("\"port\":0", "\"port\":99999"))) {
            assertThatThrownBy(() ->
                            ServerProcess.main(
                                    new ByteArrayInputStream(
                                            (line + "\n").getBytes(StandardCharsets.UTF_8)),
                                    new PrintStream(OutputStream.nullOutputStream())))
                    .as(line)
                    .isInstanceOfAny(TidemillException.class, IllegalArgumentException.class);
        }
    }

    private static ModelSource source(String name, String path) {
        return new ModelSource(name, "1", "sha256:" + "0".repeat(64), path);
    }

    private static void run(PipedInputStream in, PrintStream out, CompletableFuture<Void> ended) {
        try {
            ServerProcess.main(in, out);
            ended.complete(null);
        } catch (InterruptedException | RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private static void write(OutputStream commands, String line) throws IOException {
        commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
    }

    private static String event(BlockingQueue<String> lines) throws InterruptedException {
        String line = next(lines);
        while (!line.startsWith("{\"event\":")) {
            assertThat(line).startsWith("{\"time\":");
            line = next(lines);
        }
        return line;
    }

    private static String next(BlockingQueue<String> lines) throws InterruptedException {
        return Objects.requireNonNull(lines.poll(30, TimeUnit.SECONDS), "no line in 30 s");
    }

    /// Hands every printed line to a queue.
    private static final class LinePrinter extends PrintStream {
        private final BlockingQueue<String> lines;

        LinePrinter(BlockingQueue<String> lines) {
            super(OutputStream.nullOutputStream());
            this.lines = lines;
        }

        @Override
        public void println(String line) {
            lines.add(line);
        }
    }

    private static int status(int port) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + port + "/v2/health/ready"))
                            .timeout(Duration.ofSeconds(20))
                            .build();
            return client.send(request, BodyHandlers.ofString()).statusCode();
        }
    }

    private static String config(ModelSource... models) {
        return new String(
                Json.bytes(
                        new ServerConfig(
                                "test",
                                "127.0.0.1",
                                0,
                                List.of(models),
                                8,
                                100_000,
                                50_000,
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())),
                StandardCharsets.UTF_8);
    }
}
