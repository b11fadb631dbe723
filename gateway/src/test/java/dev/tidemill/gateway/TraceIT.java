package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeCollector;
import dev.tidemill.testkit.FakeCollector.Received;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A request's trace through the gateway: every attempt at a replica is a part of it, and the
/// replica is told of the attempt that it answers.
final class TraceIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String MODEL = "POST /v2/models/{model}";

    private final FakeCollector collector = FakeCollector.start();
    private final FakeUpstream bad = FakeUpstream.start(FakeUpstream.echo());
    private final FakeUpstream good = FakeUpstream.start(FakeUpstream.echo());

    @AfterEach
    void stop() {
        bad.close();
        good.close();
        collector.close();
    }

    @Test
    void the_replica_is_told_of_the_attempt_that_it_answers() throws Exception {
        try (RunningGateway gateway = traced(ConfigLine.digits(good))) {
            HttpResponse<String> answer = infer(gateway, SAMPLED);
            assertThat(answer.body()).isEqualTo("body");
            List<Received> spans = collector.await(all -> all.size() == 2);
            Received request = named(spans, MODEL);
            Received attempt = named(spans, "POST");
            assertThat(request.kind()).isEqualTo("SERVER");
            assertThat(request.parent()).isEqualTo(PARENT);
            assertThat(request.service()).isEqualTo("tidemill-gateway");
            assertThat(request.attributes())
                    .containsEntry("http.route", "/v2/models/{model}")
                    .containsEntry("tidemill.model.name", "digits")
                    .containsEntry("http.response.status_code", "200");
            assertThat(attempt.kind()).isEqualTo("CLIENT");
            assertThat(attempt.parent()).isEqualTo(request.id());
            assertThat(attempt.attributes())
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("url.full", good.url() + RunningGateway.INFER)
                    .containsEntry("server.address", "127.0.0.1")
                    .containsEntry("server.port", String.valueOf(good.port()))
                    .containsEntry("tidemill.replica", "r0")
                    .doesNotContainKeys("http.request.resend_count", "error.type");
            FakeUpstream.Request received = good.requests().getFirst();
            assertThat(received.header("traceparent"))
                    .isEqualTo("00-" + TRACE + "-" + attempt.id() + "-01");
            assertThat(received.header("tracestate")).isEqualTo("vendor=x");
            assertThat(received.header("x-request-id"))
                    .isEqualTo(request.attribute("tidemill.request.id"));
        }
    }

    @Test
    void every_attempt_is_a_span_of_its_own() throws Exception {
        bad.script(FakeUpstream.cuttingAfter("HTTP/1.1 2"));
        try (RunningGateway gateway = traced(ConfigLine.digits(bad, good))) {
            for (int i = 0; bad.requests().isEmpty(); i++) {
                assertThat(i).as("requests without one to the bad replica").isLessThan(100);
                assertThat(infer(gateway, SAMPLED).statusCode()).isEqualTo(200);
            }
            List<Received> spans =
                    collector.await(all ->
                            all.stream().anyMatch(Received::failed)
                                    && all.stream()
                                            .anyMatch(s ->
                                                    s.attributes()
                                                            .containsKey(
                                                                    "http.request.resend_count")));
            Received failed = spans.stream().filter(Received::failed).findFirst().orElseThrow();
            assertThat(failed.kind()).isEqualTo("CLIENT");
            assertThat(failed.attribute("error.type")).isEqualTo("cut_mid_answer_buffered");
            assertThat(failed.attribute("tidemill.replica")).isEqualTo("r0");
            Received again =
                    spans.stream()
                            .filter(span -> span.attribute("http.request.resend_count").equals("1"))
                            .findFirst()
                            .orElseThrow();
            assertThat(again.parent()).isEqualTo(failed.parent());
            assertThat(again.attribute("tidemill.replica")).isEqualTo("r1");
            assertThat(bad.requests().getFirst().header("traceparent")).contains(failed.id());
            assertThat(good.requests().getLast().header("traceparent")).contains(again.id());
        }
    }

    @Test
    void an_attempt_lasts_as_long_as_its_answer() throws Exception {
        good.script((_, connection) -> {
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            assertThat(collector.spans()).isEmpty();
            connection.write("1\r\nb\r\n0\r\n\r\n");
        });
        try (RunningGateway gateway = traced(ConfigLine.digits(good))) {
            assertThat(infer(gateway, SAMPLED).body()).isEqualTo("ab");
            List<Received> spans = collector.await(all -> all.size() == 2);
            assertThat(named(spans, "POST").failed()).isFalse();
        }
    }

    @Test
    void a_wait_for_a_replica_is_part_of_the_request() throws Exception {
        try (RunningGateway gateway =
                traced(ConfigLine.digits().waitForReplica(Duration.ofMillis(50)))) {
            assertThat(infer(gateway, SAMPLED).statusCode()).isEqualTo(503);
            List<Received> spans = collector.await(all -> all.size() == 2);
            Received waiting = named(spans, "wait for a replica");
            assertThat(waiting.parent()).isEqualTo(named(spans, MODEL).id());
            assertThat(waiting.end() - waiting.begin()).isGreaterThan(40_000_000);
            assertThat(named(spans, MODEL).attribute("error.type")).isEqualTo("503");
        }
    }

    @Test
    void a_configured_route_is_named_by_its_path() throws Exception {
        try (RunningGateway gateway =
                traced(ConfigLine.digits(good).route("/api/predict", "digits"))) {
            gateway.post("/api/predict/now?key=secret", "{}");
            Received request = collector.await("POST /api/predict");
            assertThat(request.attribute("url.path")).isEqualTo("/api/predict/now");
            assertThat(collector.await("POST").attribute("url.full"))
                    .isEqualTo(good.url() + "/api/predict/now");
        }
    }

    @Test
    void an_llm_s_request_says_what_was_asked_and_how_many_tokens_it_took() throws Exception {
        good.script(LlmScripts.json("{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}"));
        try (RunningGateway gateway =
                traced(Rules.line(new Rules().route(Rules.model("m", good))))) {
            gateway.post(Rules.CHAT, "{\"model\":\"m\"}");
            assertThat(collector.await("POST " + Rules.CHAT).attributes())
                    .containsEntry("gen_ai.operation.name", "chat")
                    .containsEntry("gen_ai.request.model", "m")
                    .containsEntry("gen_ai.usage.input_tokens", "3")
                    .containsEntry("gen_ai.usage.output_tokens", "4");
        }
    }

    @Test
    void what_the_caller_does_not_sample_is_passed_on_unsampled() throws Exception {
        try (RunningGateway gateway = traced(ConfigLine.digits(good))) {
            infer(gateway, "00-" + TRACE + "-" + PARENT + "-00");
            assertThat(good.requests().getFirst().header("traceparent"))
                    .startsWith("00-" + TRACE + "-")
                    .endsWith("-00")
                    .doesNotContain(PARENT);
            gateway.post("/v2/models/digits/ready", "{}");
            assertThat(collector.await(MODEL).attribute("url.path"))
                    .isEqualTo("/v2/models/digits/ready");
        }
    }

    @Test
    void a_gateway_that_records_nothing_passes_the_callers_trace_on_as_it_came() throws Exception {
        try (RunningGateway gateway = new RunningGateway(ConfigLine.digits(good))) {
            infer(gateway, SAMPLED);
            assertThat(good.requests().getFirst().header("traceparent")).isEqualTo(SAMPLED);
            assertThat(good.requests().getFirst().header("tracestate")).isEqualTo("vendor=x");
        }
    }

    @Test
    void a_collector_that_is_down_or_fails_never_changes_an_answer() throws Exception {
        try (RunningGateway gateway = traced(ConfigLine.digits(good))) {
            collector.server().script(FakeUpstream.answering(500, Map.of(), ""));
            serve(gateway);
            collector.server().die();
            serve(gateway);
        }
    }

    private static void serve(RunningGateway gateway) throws Exception {
        for (int i = 0; i < 50; i++) {
            assertThat(infer(gateway, SAMPLED).body()).isEqualTo("body");
        }
    }

    private RunningGateway traced(ConfigLine line) {
        return new RunningGateway(line, collector.environment());
    }

    private static HttpResponse<String> infer(RunningGateway gateway, String traceparent)
            throws Exception {
        return gateway.send(
                gateway.request(RunningGateway.INFER)
                        .header("traceparent", traceparent)
                        .header("tracestate", "vendor=x")
                        .POST(BodyPublishers.ofString("body")),
                BodyHandlers.ofString());
    }

    private static Received named(List<Received> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + spans));
    }
}
