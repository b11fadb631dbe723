package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OpenAiStreamIT {
    private static final String ASK = "{\"model\":\"m\",\"stream\":true}";
    private static final String ONE =
            "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}\n\n";
    private static final String USAGE =
            "data: {\"id\":\"1\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6,\"total_tokens\":11}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.events(ONE, DONE));
    private final Rules rules =
            new Rules()
                    .heartbeat(Duration.ofMillis(200))
                    .route(Rules.model("m", upstream).idle(Duration.ofSeconds(1)));
    private final RunningGateway gateway = new RunningGateway(Rules.line(rules));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void events_pass_one_by_one_as_they_come() throws Exception {
        CountDownLatch more = new CountDownLatch(1);
        upstream.script((request, connection) -> {
            connection.write(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + Integer.toHexString(ONE.length())
                            + "\r\n"
                            + ONE
                            + "\r\n");
            more.await();
            connection.write(Integer.toHexString(DONE.length()) + "\r\n" + DONE + "\r\n0\r\n\r\n");
        });
        HttpResponse<InputStream> answer =
                gateway.send(
                        gateway.request(Rules.CHAT).POST(BodyPublishers.ofString(ASK)),
                        BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(in.readLine()).isEqualTo(ONE.strip());
            more.countDown();
            assertThat(in.lines().filter(line -> line.startsWith("data")))
                    .containsExactly("data: [DONE]");
        }
        assertThat(upstream.requests().getFirst().body())
                .isEqualTo(ASK.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void the_body_ends_with_done_even_when_the_upstreams_does_not() throws Exception {
        upstream.script(LlmScripts.eventsWithoutEnd(ONE, DONE));
        assertThat(gateway.post(Rules.CHAT, ASK).body()).isEqualTo(ONE + DONE);
    }

    @Test
    void connections_are_used_again() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.post(Rules.CHAT, ASK).body()).isEqualTo(ONE + DONE);
        }
        assertThat(upstream.accepted()).isEqualTo(1);
    }

    @Test
    void a_stream_that_breaks_says_so_within_itself() throws Exception {
        upstream.script(LlmScripts.eventsThenCut(ONE, "data: {\"id\":\"2\",\"cho"));
        HttpResponse<String> answer = gateway.post(Rules.CHAT, ASK);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        ONE
                                + "data: {\"error\":{\"message\":\"the upstream broke off its answer\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_failed\"}}\n\n");
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_request_seconds_count{class=\"cut\",model=\"m\"} 1");
    }

    @Test
    void an_event_that_was_cut_between_its_lines_is_ended_before_the_error() throws Exception {
        upstream.script(LlmScripts.eventsThenCut("event: x\n"));
        assertThat(gateway.post(Rules.CHAT, ASK).body())
                .startsWith("event: x\n\ndata: {\"error\":{");
    }

    @Test
    void responses_have_errors_of_their_own_form() throws Exception {
        upstream.script(LlmScripts.eventsThenCut("event: response.created\ndata: {}\n\n"));
        assertThat(gateway.post("/v1/responses", ASK).body())
                .endsWith(
                        "event: error\ndata: {\"type\":\"error\",\"code\":\"upstream_failed\",\"message\":\"the upstream broke off its answer\",\"param\":null}\n\n");
    }

    @Test
    void an_upstream_that_pauses_for_too_long_is_ended() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        upstream.script(LlmScripts.silentAfter(left, ONE));
        assertThat(gateway.post(Rules.CHAT, ASK).body())
                .startsWith(ONE)
                .contains(": keep-alive\n\n")
                .contains("\"code\":\"deadline_exceeded\"");
        left.await();
    }

    @Test
    void silence_before_the_first_byte_is_broken_too_and_later_errors_come_within()
            throws Exception {
        CountDownLatch speak = new CountDownLatch(1);
        upstream.script((request, connection) -> {
            speak.await();
            LlmScripts.rateLimited("100").answer(request, connection);
        });
        HttpResponse<InputStream> answer =
                gateway.send(
                        gateway.request(Rules.CHAT).POST(BodyPublishers.ofString(ASK)),
                        BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        speak.countDown();
        try (InputStream in = answer.body()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith(": keep-alive\n\n")
                    .contains("data: {\"error\":{\"message\":\"slow down\"");
        }
    }

    @Test
    void malformed_streams_pass_as_they_are() throws Exception {
        String odd = "data:{not json\n\nnonsense\n:\n\ndata: {\"usage\":{\"x\"\n\n\r\r\n" + DONE;
        upstream.script(LlmScripts.events(odd));
        assertThat(gateway.post(Rules.CHAT, ASK).body()).isEqualTo(odd);
    }

    @Test
    void usage_is_asked_for_when_tokens_are_limited_and_left_out_for_those_who_did_not_ask()
            throws Exception {
        rules.limit(
                Rules.limitOf(
                        List.of(),
                        Optional.empty(),
                        Optional.of(new GatewayRules.Rate(1000, 1000)),
                        Optional.empty()));
        gateway.gateway.update(Rules.line(rules).config());
        upstream.script(LlmScripts.events(ONE, USAGE, DONE));

        assertThat(gateway.post(Rules.CHAT, ASK).body()).isEqualTo(ONE + DONE);
        assertThat(new String(upstream.requests().getLast().body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}");
        String asking =
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
        HttpResponse<String> answer = gateway.post(Rules.CHAT, asking);
        assertThat(answer.body()).isEqualTo(ONE + USAGE + DONE);
        await().untilAsserted(() ->
                assertThat(gateway.admin("/metrics"))
                        .contains(
                                "tidemill_gateway_tokens_total{kind=\"output\",model=\"m\"} 12.0"));
        assertThat(
                        gateway.post(Rules.CHAT, asking)
                                .headers()
                                .firstValueAsLong("x-ratelimit-remaining-tokens")
                                .orElseThrow())
                .isBetween(600L, 730L);
    }

    @Test
    void half_an_answer_is_no_answer() throws Exception {
        upstream.script(LlmScripts.halfClosing());
        HttpResponse<String> answer = gateway.post(Rules.CHAT, ASK);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("\"type\":\"server_error\"");
    }
}
