package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class AuditIT {
    private static final String ASK =
            "{\"model\":\"m\",\"user\":\"u-7\",\"messages\":[{\"role\":\"user\",\"content\":\"a secret\"}]}";
    private static final String USAGE =
            "{\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":60}}";

    @TempDir private Path folder = Path.of("");
    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json(USAGE));
    private final Rules rules =
            new Rules()
                    .route(Rules.model("m", upstream))
                    .key("alice", "search", List.of("m"), Rules.KEY);
    private Path file = Path.of("");
    private RunningGateway gateway = new RunningGateway(Rules.line(rules));

    @BeforeEach
    void begin() {
        file = folder.resolve("audit.jsonl");
        use(0, 1 << 20);
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void tells_who_asked_for_what_and_what_it_took_but_not_the_words() throws Exception {
        HttpResponse<String> answer = ask(Rules.KEY, ASK);
        JsonNode entry = entries(1).getFirst();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(entry.path("requestId").asString())
                .isEqualTo(answer.headers().firstValue("x-request-id").orElseThrow());
        assertThat(entry.path("key").asString()).isEqualTo("alice");
        assertThat(entry.path("team").asString()).isEqualTo("search");
        assertThat(entry.path("user").asString()).isEqualTo("u-7");
        assertThat(entry.path("model").asString()).isEqualTo("m");
        assertThat(entry.path("route").asString()).isEqualTo("m");
        assertThat(entry.path("upstream").asString()).isEqualTo("m-1-1");
        assertThat(entry.path("status").asInt()).isEqualTo(200);
        assertThat(entry.path("decision").asString()).isEqualTo("allowed");
        assertThat(entry.path("inputTokens").asInt()).isEqualTo(40);
        assertThat(entry.path("outputTokens").asInt()).isEqualTo(60);
        assertThat(entry.path("millis").asDouble()).isPositive();
        assertThat(Files.readString(file)).doesNotContain("secret").doesNotContain(Rules.KEY);
    }

    @Test
    void tells_what_was_refused_and_why() throws Exception {
        rules.limit(
                Rules.limitOf(
                        List.of("key"),
                        Optional.of(new GatewayRules.Rate(1, 1)),
                        Optional.empty(),
                        Optional.empty()));
        use(0, 1 << 20);
        ask("tm-wrong", ASK);
        ask(Rules.KEY, ASK.replace("\"m\"", "\"other\""));
        ask(Rules.KEY, "{");
        ask(Rules.KEY, ASK);
        ask(Rules.KEY, ASK);

        assertThat(entries(5))
                .extracting(e -> e.path("status").asInt() + " " + e.path("decision").asString())
                .containsExactly(
                        "401 denied", "404 invalid", "400 invalid", "200 allowed", "429 limited");
        assertThat(entries(5).getFirst().path("error").asString()).startsWith("key: 'hidden'");
    }

    @Test
    void a_stream_that_breaks_is_told_as_such() throws Exception {
        upstream.script(LlmScripts.eventsThenCut("data: {\"choices\":[]}\n\n"));
        ask(Rules.KEY, ASK.replace("{\"model\"", "{\"stream\":true,\"model\""));

        JsonNode entry = entries(1).getFirst();
        assertThat(entry.path("error").asString()).isEqualTo("the upstream broke off its answer");
        assertThat(entry.path("estimated").asBoolean()).isTrue();
    }

    @Test
    void payloads_are_written_only_where_they_were_asked_for_and_only_their_beginnings()
            throws Exception {
        use(1, 1 << 20);
        ask(Rules.KEY, ASK);

        JsonNode entry = entries(1).getFirst();
        assertThat(entry.path("request").asString()).isEqualTo(ASK.substring(0, 64));
        assertThat(entry.path("answer").asString()).isEqualTo(USAGE);
    }

    @Test
    void full_files_make_room() throws Exception {
        use(0, 600);
        for (int i = 0; i < 8; i++) {
            ask(Rules.KEY, ASK);
        }

        await().until(() -> metric("written") == 8);
        assertThat(folder.resolve("audit.jsonl.1")).exists();
        assertThat(folder.resolve("audit.jsonl.2")).exists();
        assertThat(folder.resolve("audit.jsonl.3")).doesNotExist();
        assertThat(Files.size(file)).isLessThan(600);
    }

    @Test
    void control_gets_batches_and_those_that_it_did_not_take_again() throws Exception {
        try (FakeUpstream control = FakeUpstream.start(FakeUpstream.answering(503, Map.of(), ""))) {
            gateway.gateway.update(
                    Rules.line(rules.answers(audit(Optional.empty(), control, 0, 1 << 20)))
                            .config());
            ask(Rules.KEY, ASK);
            await().until(() -> !control.requests().isEmpty());
            control.script(LlmScripts.json("{\"added\":1}"));
            await().until(() -> metric("written") == 1);

            JsonNode batch = JsonMapper.shared().readTree(control.requests().getLast().body());
            assertThat(control.requests().getLast().target()).isEqualTo("/api/v1/audit");
            assertThat(batch.path("records").path(0).path("key").asString()).isEqualTo("alice");
            assertThat(metric("dropped")).isZero();
        }
    }

    @Test
    void a_place_that_cannot_be_written_costs_no_request() throws Exception {
        Files.createDirectory(folder.resolve("taken"));
        file = folder.resolve("taken");
        use(0, 1 << 20);

        assertThat(ask(Rules.KEY, ASK).statusCode()).isEqualTo(200);
        // It is entered after the answer has gone out.
        await().until(() -> gateway.admin("/metrics").contains("tidemill_gateway_audit_waiting 1"));
    }

    private void use(double payloads, long maxFileBytes) {
        gateway.gateway.update(
                Rules.line(
                                rules.answers(
                                        audit(
                                                Optional.of(file.toString()),
                                                null,
                                                payloads,
                                                maxFileBytes)))
                        .config());
    }

    private static AnswerRules audit(
            Optional<String> file,
            @org.jspecify.annotations.Nullable FakeUpstream control,
            double payloads,
            long maxFileBytes) {
        return new AnswerRules(
                Optional.of(
                        new AnswerRules.Audit(
                                file,
                                Optional.ofNullable(control).map(FakeUpstream::url),
                                Optional.empty(),
                                maxFileBytes,
                                2,
                                payloads,
                                64)),
                List.of(),
                List.of());
    }

    private HttpResponse<String> ask(String key, String body) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header("authorization", "Bearer " + key)
                        .POST(BodyPublishers.ofString(body)),
                BodyHandlers.ofString());
    }

    private List<JsonNode> entries(int count) {
        await().until(() -> metric("written") >= count);
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(line -> JsonMapper.shared().readTree(line))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private long metric(String result) throws Exception {
        return gateway.admin("/metrics")
                .lines()
                .filter(line ->
                        line.startsWith("tidemill_gateway_audit_total{result=\"" + result + "\"}"))
                .map(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElse(0L);
    }
}
