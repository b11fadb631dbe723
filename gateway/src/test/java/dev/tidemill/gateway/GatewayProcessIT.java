package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The process as its supervisor sees it: lines in, lines out, and how it ends.
final class GatewayProcessIT {
    private static final Pattern PORT = Pattern.compile("\\{\"event\":\"(\\w+)\",\"port\":(\\d+)}");

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final FakeUpstream upstream =
            FakeUpstream.start((request, connection) -> {
                if (request.target().endsWith("slow")) {
                    entered.countDown();
                    release.await();
                }
                FakeUpstream.echo().answer(request, connection);
            });
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process = launch();
    private final BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    private final Writer in = process.outputWriter(StandardCharsets.UTF_8);

    @AfterEach
    void stop() {
        release.countDown();
        process.destroyForcibly();
        client.close();
        upstream.close();
    }

    @Test
    void it_says_where_it_listens_takes_updates_and_drains_when_its_input_ends() throws Exception {
        write(ConfigLine.digits().drain(Duration.ofMillis(100)));
        int port = port("listening");
        int adminPort = port("admin");
        assertThat(out.readLine()).isEqualTo("{\"event\":\"ready\"}");
        assertThat(get(port, "/v2/health/ready").statusCode()).isEqualTo(503);
        assertThat(get(adminPort, "/signals").body()).contains("\"name\":\"digits\"");

        in.write("not a configuration\n");
        write(ConfigLine.digits(upstream).drain(Duration.ofMillis(100)));
        assertThat(logged("SEVERE")).contains("configuration refused", "\"process\":\"gateway\"");
        CompletableFuture<HttpResponse<String>> slow = slow(port);
        entered.await();
        assertThat(get(port, "/v2/health/ready").statusCode()).isEqualTo(200);

        in.close();
        release.countDown();
        assertThat(slow.get().body()).isEqualTo("whole");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(logged("drained")).contains("INFO");
    }

    @Test
    void a_signal_ends_it_when_what_is_in_flight_has_ended() throws Exception {
        write(ConfigLine.digits(upstream).drain(Duration.ofMillis(100)));
        int port = port("listening");
        port("admin");
        out.readLine();
        CompletableFuture<HttpResponse<String>> slow = slow(port);
        entered.await();
        process.destroy();
        release.countDown();
        assertThat(slow.get().body()).isEqualTo("whole");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private Process launch() {
        try {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            GatewayProgram.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void write(ConfigLine line) throws IOException {
        in.write(line.json() + "\n");
        in.flush();
    }

    private int port(String event) throws IOException {
        String line = out.readLine();
        Matcher matcher = PORT.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        assertThat(matcher.group(1)).isEqualTo(event);
        return Integer.parseInt(matcher.group(2));
    }

    /// The next line that says this.
    private String logged(String text) throws IOException {
        String line = out.readLine();
        while (line != null && !line.contains(text)) {
            line = out.readLine();
        }
        return String.valueOf(line);
    }

    private HttpResponse<String> get(int port, String path)
            throws IOException, InterruptedException {
        return client.send(request(port, path).build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> slow(int port) {
        return client.sendAsync(
                request(port, "/v2/models/digits/slow")
                        .POST(BodyPublishers.ofString("whole"))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }
}
