package dev.tidemill.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeCollector;
import dev.tidemill.testkit.FakeCollector.Received;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway and a replica as processes of their own, told by nothing but the environment that they
/// inherit: one request, one trace.
final class TraceIT {
    private static final Path MODEL =
            Path.of("..", "server", "src", "test", "resources", "models", "classifier.onnx");
    private static final Pattern PORT =
            Pattern.compile("\\{\"event\":\"listening\",\"port\":(\\d+)}");
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,0,0,0]}]}";

    private final FakeCollector collector = FakeCollector.start();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Child> children = new ArrayList<>();

    @TempDir Path folder;

    @AfterEach
    void stop() {
        children.forEach(child -> child.process.destroyForcibly());
        client.close();
        collector.close();
    }

    @Test
    void a_request_through_the_gateway_to_a_replica_is_one_trace() throws Exception {
        // Long enough that only the end of the processes sends anything.
        Map<String, String> environment =
                collector.environment("OTEL_BSP_SCHEDULE_DELAY", "600000");
        Child replica = start("server", server(), environment);
        Child gateway = start("gateway", gateway(replica.port), environment);
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:"
                                                        + gateway.port
                                                        + "/v2/models/levels/infer"))
                                .POST(BodyPublishers.ofString(ROW))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(collector.spans()).isEmpty();
        gateway.end();
        replica.end();

        List<Received> spans = collector.spans();
        assertThat(spans).hasSize(7);
        assertThat(spans).extracting(Received::trace).containsOnly(spans.getFirst().trace());
        Received outer = named(spans, "POST /v2/models/{model}");
        Received attempt = named(spans, "POST");
        Received inner = named(spans, "POST /v2/models/{model}/infer");
        Received infer = named(spans, "infer levels");
        assertThat(outer.parent()).isEmpty();
        assertThat(attempt.parent()).isEqualTo(outer.id());
        assertThat(inner.parent()).isEqualTo(attempt.id());
        assertThat(infer.parent()).isEqualTo(inner.id());
        assertThat(List.of(outer, attempt))
                .extracting(Received::service)
                .containsOnly("tidemill-gateway");
        assertThat(List.of(inner, infer, named(spans, "compute")))
                .extracting(Received::service)
                .containsOnly("tidemill-server");
        String id = answer.headers().firstValue("x-request-id").orElseThrow();
        assertThat(List.of(outer, inner))
                .extracting(span -> span.attribute("tidemill.request.id"))
                .containsOnly(id);
    }

    private String server() throws IOException {
        Path version = Files.createDirectories(folder.resolve("levels/1"));
        Files.copy(MODEL, version.resolve("model.onnx"));
        return """
        {"name":"r0","host":"127.0.0.1","port":0,"models":[],"maxInFlight":8,\
        "maxInFlightBytes":1000000,"maxBodyBytes":100000,"drainMillis":0,\
        "repository":{"folders":["%s"]}}\
        """
                .formatted(folder);
    }

    private static String gateway(int replica) {
        return """
        {"name":"g0","host":"127.0.0.1","port":0,"adminPort":0,"routes":[],\
        "maxBodyBytes":100000,"requestTimeoutMillis":20000,"waitForReplicaMillis":5000,\
        "drainMillis":0,"models":[{"name":"levels","pool":"levels",\
        "replicas":[{"id":"r0","url":"http://127.0.0.1:%d"}]}]}\
        """
                .formatted(replica);
    }

    private Child start(String role, String configuration, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        JavaCommand.of(System.getProperties())
                                .with(
                                        List.of("-XX:TieredStopAtLevel=1", "-Xmx256m"),
                                        List.of(role)));
        builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
        builder.environment().putAll(environment);
        Child child = new Child(builder.redirectErrorStream(true).start());
        children.add(child);
        child.configure(configuration);
        return child;
    }

    private static Received named(List<Received> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + spans));
    }

    private static final class Child {
        private final Process process;
        private final BufferedReader out;
        private int port;

        Child(Process process) {
            this.process = process;
            this.out = process.inputReader(StandardCharsets.UTF_8);
        }

        void configure(String line) throws IOException {
            Writer in = process.outputWriter(StandardCharsets.UTF_8);
            in.write(line + "\n");
            in.flush();
            StringBuilder said = new StringBuilder();
            for (String next = out.readLine(); next != null; next = out.readLine()) {
                said.append(next).append('\n');
                Matcher listening = PORT.matcher(next);
                if (listening.matches()) {
                    port = Integer.parseInt(listening.group(1));
                }
                if (next.equals("{\"event\":\"ready\"}")) {
                    return;
                }
            }
            throw new AssertionError("ended before it was ready: " + said);
        }

        /// As its supervisor ends it.
        void end() throws IOException, InterruptedException {
            process.outputWriter(StandardCharsets.UTF_8).close();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }
}
