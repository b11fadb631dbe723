package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.http.tracing.Span;
import dev.tidemill.http.tracing.Tracing;
import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.FakeCollector;
import dev.tidemill.testkit.FakeCollector.Received;
import dev.tidemill.testkit.FakeUpstream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the edge tells a collector of its requests, and that no collector can hurt them.
final class TracingIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";

    private final FakeCollector collector = FakeCollector.start();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void stop() {
        release.countDown();
        client.close();
        collector.close();
    }

    @Test
    void a_request_becomes_a_span_by_the_conventions() throws Exception {
        try (Edge edge = new Edge(collector.environment())) {
            assertThat(edge.get("/things/7?key=secret").statusCode()).isEqualTo(200);
            Received span = collector.await("GET /things/{name}");
            assertThat(span.kind()).isEqualTo("SERVER");
            assertThat(span.parent()).isEmpty();
            assertThat(span.failed()).isFalse();
            assertThat(span.end()).isGreaterThan(span.begin());
            assertThat(span.attributes())
                    .containsEntry("http.request.method", "GET")
                    .containsEntry("http.route", "/things/{name}")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("url.path", "/things/7")
                    .containsEntry("url.scheme", "http")
                    .containsEntry("server.address", "127.0.0.1")
                    .containsEntry("server.port", String.valueOf(edge.port()))
                    .containsEntry("network.protocol.version", "1.1")
                    .containsEntry("tidemill.request.id", "made-1")
                    .doesNotContainKey("error.type");
            assertThat(span.attributes().toString()).doesNotContain("secret");
            assertThat(span.resource())
                    .containsEntry("service.name", "edge")
                    .containsEntry("service.instance.id", "r0")
                    .containsEntry("telemetry.sdk.language", "java");
        }
    }

    @Test
    void a_span_lies_in_the_time_of_its_request() throws Exception {
        try (Edge edge = new Edge(collector.environment())) {
            long before = nanosSinceEpoch();
            edge.get("/things/7");
            long after = nanosSinceEpoch();
            Received span = collector.await("GET /things/{name}");
            // Two clocks are read one after the other, so a little is allowed.
            assertThat(span.begin()).isGreaterThan(before - 50_000_000);
            assertThat(span.end()).isLessThan(after + 50_000_000);
        }
    }

    @Test
    void the_callers_trace_goes_on_here_and_in_what_the_handler_does() throws Exception {
        try (Edge edge = new Edge(collector.environment())) {
            HttpResponse<String> answer =
                    edge.get("/within", "traceparent", SAMPLED, "tracestate", "vendor=x");
            List<Received> spans = collector.await(all -> all.size() == 2);
            Received inner = named(spans, "inner");
            Received outer = named(spans, "GET /within");
            assertThat(spans).allMatch(span -> span.trace().equals(TRACE));
            assertThat(outer.parent()).isEqualTo(PARENT);
            assertThat(inner.parent()).isEqualTo(outer.id());
            assertThat(inner.kind()).isEqualTo("INTERNAL");
            assertThat(answer.body())
                    .contains("traceparent=00-" + TRACE + "-", "-01", "tracestate=vendor=x");
        }
    }

    @Test
    void what_the_caller_does_not_sample_is_passed_on_and_not_sent() throws Exception {
        try (Edge edge = new Edge(collector.environment())) {
            HttpResponse<String> answer =
                    edge.get("/within", "traceparent", "00-" + TRACE + "-" + PARENT + "-00");
            assertThat(answer.body()).contains("traceparent=00-" + TRACE + "-").contains("-00");
            edge.get("/things/sampled");
            assertThat(collector.await(all -> !all.isEmpty()))
                    .extracting(Received::name)
                    .containsExactly("GET /things/{name}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "00-" + TRACE + "-" + PARENT,
                "00-" + TRACE + "-" + PARENT + "-1",
                "ff-" + TRACE + "-" + PARENT + "-01",
                "00-00000000000000000000000000000000-" + PARENT + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + PARENT + "-01",
                "00-" + TRACE + "-" + PARENT + "-01-more",
                "00_" + TRACE + "_" + PARENT + "_01",
                "00-zzf92f3577b34da6a3ce929d0e0e4736-" + PARENT + "-01"
            })
    void a_traceparent_that_is_none_begins_a_new_trace(String header) throws Exception {
        try (Edge edge = new Edge(collector.environment())) {
            assertThat(edge.get("/things/7", "traceparent", header).statusCode()).isEqualTo(200);
            Received span = collector.await("GET /things/{name}");
            assertThat(span.parent()).isEmpty();
            assertThat(span.trace()).isNotEqualTo(TRACE).hasSize(32);
        }
    }

    @Test
    void a_traceparent_that_came_twice_counts_as_none() throws Exception {
        try (Edge edge = new Edge(collector.environment());
                Socket socket = new Socket("127.0.0.1", edge.port())) {
            String lines = ("traceparent: " + SAMPLED + "\r\n").repeat(2);
            socket.getOutputStream()
                    .write(
                            ("GET /things/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                            + lines
                                            + "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200");
            assertThat(collector.await("GET /things/{name}").parent()).isEmpty();
        }
    }

    @Test
    void failures_are_told_apart_from_wrong_requests() throws Exception {
        try (Edge edge = new Edge(collector.environment())) {
            assertThat(edge.get("/defect").statusCode()).isEqualTo(500);
            assertThat(edge.get("/nowhere").statusCode()).isEqualTo(404);
            List<Received> spans = collector.await(all -> all.size() == 2);
            Received defect = named(spans, "GET /defect");
            assertThat(defect.failed()).isTrue();
            assertThat(defect.attribute("error.type")).isEqualTo("500");
            Received nowhere = named(spans, "GET");
            assertThat(nowhere.failed()).isFalse();
            assertThat(nowhere.attributes())
                    .containsEntry("http.response.status_code", "404")
                    .doesNotContainKeys("error.type", "http.route");
        }
    }

    @Test
    void probes_are_not_traced_unless_they_ask_for_it() throws Exception {
        try (Edge edge = new Edge(collector.environment())) {
            edge.get("/health/live");
            edge.get("/metrics");
            edge.get("/health/ready", "traceparent", SAMPLED);
            assertThat(collector.await(all -> !all.isEmpty()))
                    .extracting(span -> span.attribute("url.path"))
                    .containsExactly("/health/ready");
        }
    }

    @Test
    void the_access_log_names_the_trace() throws Exception {
        try (Edge edge = new Edge(collector.environment());
                CapturedLog log = CapturedLog.of("access")) {
            edge.get("/nowhere", "traceparent", SAMPLED);
            edge.get("/metrics/nowhere");
            // A line is written when the answer has gone.
            await().untilAsserted(() ->
                    assertThat(log.records())
                            .extracting(record ->
                                    String.valueOf(
                                            ((Map<?, ?>) record.getParameters()[0]).get("traceId")))
                            .containsExactly(TRACE, "null"));
        }
    }

    @Test
    void the_standard_variables_are_obeyed() throws Exception {
        Map<String, String> environment = new HashMap<>(collector.environment());
        environment.put("OTEL_SERVICE_NAME", "shop");
        environment.put("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,a=b%20c");
        environment.put("OTEL_EXPORTER_OTLP_HEADERS", "x-key=abc");
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
        environment.put("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.url() + "/v1/traces");
        try (Edge edge = new Edge(environment)) {
            edge.get("/things/7");
            assertThat(collector.await("GET /things/{name}").resource())
                    .containsEntry("service.name", "shop")
                    .containsEntry("service.instance.id", "r0")
                    .containsEntry("deployment.environment.name", "test")
                    .containsEntry("a", "b c");
            assertThat(collector.server().requests().getFirst().header("x-key")).isEqualTo("abc");
        }
    }

    @Test
    void a_sampler_that_takes_none_takes_only_what_callers_sample() throws Exception {
        Map<String, String> environment = new HashMap<>(collector.environment());
        environment.put("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
        environment.put("OTEL_TRACES_SAMPLER_ARG", "0");
        try (Edge edge = new Edge(environment)) {
            for (int i = 0; i < 20; i++) {
                edge.get("/things/" + i);
            }
            edge.get("/things/sampled", "traceparent", SAMPLED);
            assertThat(collector.await(all -> !all.isEmpty()))
                    .extracting(span -> span.attribute("url.path"))
                    .containsExactly("/things/sampled");
        }
    }

    @Test
    void what_the_sdk_does_not_know_is_said_and_the_process_serves_without_traces()
            throws Exception {
        try (CapturedLog log = CapturedLog.of("dev.tidemill.http.tracing.LiveTracing");
                Edge edge = new Edge(collector.environment("OTEL_TRACES_SAMPLER", "sometimes"))) {
            assertThat(edge.tracing.isOn()).isFalse();
            assertThat(edge.get("/things/7").statusCode()).isEqualTo(200);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("no traces are recorded: ")
                    .contains("sometimes");
        }
    }

    @Test
    void a_collector_that_is_down_costs_no_answer_and_is_counted() throws Exception {
        collector.server().die();
        try (Edge edge = new Edge(soon())) {
            serve(edge, 50);
        }
    }

    @Test
    void a_collector_that_fails_costs_no_answer_and_is_counted() throws Exception {
        collector.server().script(FakeUpstream.answering(500, Map.of(), "broken"));
        try (Edge edge = new Edge(soon())) {
            serve(edge, 50);
            assertThat(edge.awaitCounts(counts -> counts.failed() > 0).sent()).isZero();
            assertThat(edge.get("/metrics").body())
                    .contains("tidemill_trace_spans_total{result=\"failed\"} ")
                    .doesNotContain("tidemill_trace_spans_total{result=\"failed\"} 0.0");
        }
    }

    @Test
    void a_collector_that_never_answers_costs_no_answer_and_what_finds_no_room_is_counted()
            throws Exception {
        collector.server().script((_, _) -> release.await());
        Map<String, String> environment = new HashMap<>(soon());
        environment.put("OTEL_BSP_MAX_QUEUE_SIZE", "8");
        environment.put("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4");
        environment.put("OTEL_EXPORTER_OTLP_TIMEOUT", "60000");
        Edge edge = new Edge(environment);
        try (edge) {
            serve(edge, 50);
            assertThat(edge.awaitCounts(counts -> counts.dropped() == 42))
                    .isEqualTo(new Tracing.Counts(0, 42, 0, 8));
        }
        assertThat(edge.closingTook).isLessThan(Duration.ofSeconds(5));
        Tracing.Counts end = edge.tracing.counts();
        assertThat(end.sent()).isZero();
        assertThat(end.waiting()).isZero();
        assertThat(end.dropped() + end.failed()).isEqualTo(50);
    }

    @Test
    void what_waits_when_the_process_ends_is_sent() throws Exception {
        try (Edge edge = new Edge(collector.environment("OTEL_BSP_SCHEDULE_DELAY", "600000"))) {
            serve(edge, 30);
            edge.awaitCounts(counts -> counts.waiting() == 30);
            assertThat(collector.spans()).isEmpty();
        }
        assertThat(collector.spans()).hasSize(30);
    }

    @Test
    void a_full_batch_is_sent_before_its_time() throws Exception {
        Map<String, String> environment = new HashMap<>(collector.environment());
        environment.put("OTEL_BSP_SCHEDULE_DELAY", "600000");
        environment.put("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5");
        try (Edge edge = new Edge(environment)) {
            serve(edge, 5);
            assertThat(collector.await(all -> all.size() == 5)).hasSize(5);
        }
    }

    @Test
    void once_a_collector_is_back_spans_go_to_it_again() throws Exception {
        collector.server().script(FakeUpstream.answering(400, Map.of(), "not now"));
        try (Edge edge = new Edge(collector.environment())) {
            edge.get("/things/lost");
            edge.awaitCounts(counts -> counts.failed() == 1);
            collector.server().script(collector::take);
            edge.get("/things/kept");
            assertThat(collector.await("GET /things/{name}").attribute("url.path"))
                    .isEqualTo("/things/kept");
            assertThat(edge.awaitCounts(counts -> counts.waiting() == 0))
                    .isEqualTo(new Tracing.Counts(1, 0, 1, 0));
        }
    }

    private void serve(Edge edge, int requests) throws Exception {
        for (int i = 0; i < requests; i++) {
            assertThat(edge.get("/things/" + i).statusCode()).isEqualTo(200);
        }
    }

    /// Gives up on a collector at once.
    private Map<String, String> soon() {
        Map<String, String> environment = new HashMap<>(collector.environment());
        environment.put("OTEL_EXPORTER_OTLP_TIMEOUT", "200");
        return environment;
    }

    private static Received named(List<Received> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + spans));
    }

    private static long nanosSinceEpoch() {
        return System.currentTimeMillis() * 1_000_000;
    }

    /// An edge with its spans.
    private final class Edge implements AutoCloseable {
        private final Metrics metrics = new Metrics();
        private final Readiness readiness = new Readiness();
        private final Tracing tracing;
        private final HttpEdge edge;
        private Duration closingTook = Duration.ZERO;

        Edge(Map<String, String> environment) {
            tracing =
                    Tracing.start(
                            new Tracing.Service("edge", "r0", ""),
                            environment,
                            Tracing.Clocks.SYSTEM);
            edge =
                    HttpEdge.builder(readiness, metrics)
                            .listen(new Listener("main", "127.0.0.1", 0, 1000), this::routes)
                            .requestIds(() -> "made-1")
                            .tracing(tracing)
                            .build();
            edge.start();
            readiness.started();
        }

        private void routes(Routes routes) {
            routes.get("/things/{name}", (_, response) -> Bodies.send(response, Map.of()))
                    .get(
                            "/within",
                            (_, response) -> {
                                Span inner = Span.current().child("inner");
                                StringBuilder told = new StringBuilder();
                                Span.current()
                                        .propagate((name, value) ->
                                                told.append(name)
                                                        .append('=')
                                                        .append(value)
                                                        .append(' '));
                                inner.end();
                                Bodies.send(response, told.toString());
                            })
                    .get(
                            "/defect",
                            (_, _) -> {
                                throw new IllegalStateException("secret detail");
                            })
                    .add(new HealthRoutes(readiness))
                    .add(metrics);
        }

        int port() {
            return edge.port("main");
        }

        HttpResponse<String> get(String target, String... headers)
                throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target))
                            .version(HttpClient.Version.HTTP_1_1)
                            .timeout(Duration.ofSeconds(20));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        }

        Tracing.Counts awaitCounts(Predicate<Tracing.Counts> wanted) {
            return await().until(tracing::counts, wanted);
        }

        @Override
        public void close() {
            edge.close();
            long begin = System.nanoTime();
            tracing.close();
            closingTook = Duration.ofNanos(System.nanoTime() - begin);
            metrics.close();
        }
    }
}
