package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the CronJobs of schedules run, against a server that says what it was asked.
final class PrewarmIT {
    @TempDir Path folder;

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    asked.add(
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + new String(body, StandardCharsets.UTF_8));
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        Files.writeString(
                folder.resolve("config"),
                """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u, namespace: ai}}]
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: u, user: {}}]
                """
                        .formatted(server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void in_its_time_a_schedule_raises_the_one_number_that_nobody_else_owns() {
        String said = run("2026-01-05T07:50:00Z", "HorizontalPodAutoscaler/digits-server");

        assertThat(said).isEqualTo("HorizontalPodAutoscaler/digits-server: at least 5 replicas\n");
        assertThat(asked)
                .singleElement()
                .asString()
                .startsWith(
                        "PATCH /apis/autoscaling/v2/namespaces/ai/horizontalpodautoscalers/digits-server?")
                .contains("fieldManager=tidemill-prewarm", "\"spec\":{\"minReplicas\":5}")
                .doesNotContain("maxReplicas");
    }

    @Test
    void out_of_its_time_it_is_the_files_own() {
        assertThat(run("2026-01-05T17:00:00Z", "HorizontalPodAutoscaler/digits-server"))
                .contains("at least 2");
        assertThat(run("2026-01-05T07:40:00Z", "ScaledObject/digits-server")).contains("2");
        assertThat(asked.getLast())
                .contains("/apis/keda.sh/v1alpha1/namespaces/ai/scaledobjects/digits-server")
                .contains("\"minReplicaCount\":2");
    }

    @Test
    void a_clock_that_is_slow_by_seconds_does_not_miss_the_time() {
        assertThat(run("2026-01-05T07:49:30Z", "HorizontalPodAutoscaler/d")).contains("5");
        assertThat(run("2026-01-05T16:59:30Z", "HorizontalPodAutoscaler/d")).contains("2");
    }

    @Test
    void what_it_cannot_read_it_refuses() {
        assertThat(run("2026-01-05T08:00:00Z", "Deployment/d"))
                .contains("--autoscaler: 'Deployment/d' (expected: ");
        assertThat(run("2026-01-05T08:00:00Z", "HorizontalPodAutoscaler/d", "--schedule=8 o'clock"))
                .contains("--schedule: '8 o'clock' (expected: CRON|LASTS|");
        assertThat(asked).isEmpty();
    }

    private String run(String now, String autoscaler, String... more) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Stream<String> arguments =
                Stream.concat(
                        Stream.of(
                                "prewarm",
                                "--kubeconfig=" + folder.resolve("config"),
                                "--autoscaler=" + autoscaler,
                                "--min=2",
                                "--schedule=0 8 * * MON-FRI|PT9H|UTC|5|PT10M"),
                        Arrays.stream(more));
        Root.commandLine(out, out, InstantSource.fixed(Instant.parse(now)))
                .execute(arguments.toArray(String[]::new));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
