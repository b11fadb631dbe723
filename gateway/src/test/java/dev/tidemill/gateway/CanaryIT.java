package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CanaryIT {
    private final FakeUpstream stable = FakeUpstream.start(LlmScripts.json("{\"by\":\"old\"}"));
    private final FakeUpstream fresh = FakeUpstream.start(LlmScripts.json("{\"by\":\"new\"}"));
    private final RunningGateway gateway = new RunningGateway(Rules.line(route()));

    @AfterEach
    void stop() {
        gateway.close();
        stable.close();
        fresh.close();
    }

    @Test
    void a_good_version_takes_over_step_by_step_and_conversations_stay_with_it() throws Exception {
        Set<String> moved = new HashSet<>();
        while (!gateway.admin("/canaries").contains("\"phase\":\"promoted\"")) {
            for (int i = 0; i < 120; i++) {
                String conversation = "c" + i;
                boolean isNew = ask(conversation).body().contains("new");
                assertThat(isNew || !moved.contains(conversation)).as(conversation).isTrue();
                if (isNew) {
                    moved.add(conversation);
                }
            }
            gateway.gateway.canaries().look();
        }
        for (int i = 0; i < 120; i++) {
            assertThat(ask("c" + i).body()).contains("new");
        }
        assertThat(gateway.admin("/metrics"))
                .contains(
                        "tidemill_gateway_canary_decisions_total{decision=\"step\",route=\"m\"} 2.0")
                .contains("tidemill_gateway_canary_share{route=\"m\"} 1.0")
                .contains(
                        "tidemill_gateway_canary_decisions_total{decision=\"promote\",route=\"m\"} 1.0");
    }

    @Test
    void a_version_that_fails_is_rolled_back_while_clients_get_answers() throws Exception {
        fresh.script(FakeUpstream.answering(500, Map.of(), "{}"));
        try (CapturedLog log = CapturedLog.of("dev.tidemill.gateway.canary")) {
            for (int i = 0; i < 200; i++) {
                assertThat(ask("c" + i).statusCode()).isEqualTo(200);
                gateway.gateway.canaries().look();
            }
            assertThat(log.messages())
                    .anySatisfy(line ->
                            assertThat(line)
                                    .startsWith("canary of route 'm': rolled back at step 1 of 3"));
        }
        assertThat(fresh.requests()).hasSizeLessThan(20);
        assertThat(gateway.admin("/canaries"))
                .contains("\"phase\":\"rolled-back\"", "\"share\":0.0");
    }

    @Test
    void streams_that_break_off_count_as_failures() throws Exception {
        fresh.script(LlmScripts.eventsThenCut("data: {\"choices\":[]}\n\n"));
        for (int i = 0; i < 200; i++) {
            gateway.send(
                    gateway.request(Rules.CHAT)
                            .header("x-conversation-id", "c" + i)
                            .POST(BodyPublishers.ofString("{\"model\":\"m\",\"stream\":true}")),
                    BodyHandlers.ofString());
            gateway.gateway.canaries().look();
        }
        assertThat(gateway.admin("/canaries")).contains("\"phase\":\"rolled-back\"");
    }

    @Test
    void streams_that_a_guardrail_ends_are_not_its_versions_fault() throws Exception {
        gateway.gateway.update(Rules.line(route().answers(refusingMail())).config());
        fresh.script(
                LlmScripts.eventsWithoutEnd(
                        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bob@example.com. \"}}]}\n\n"));
        for (int i = 0; i < 100; i++) {
            gateway.send(
                    gateway.request(Rules.CHAT)
                            .header("x-conversation-id", "c" + i)
                            .POST(BodyPublishers.ofString("{\"model\":\"m\",\"stream\":true}")),
                    BodyHandlers.ofString());
            gateway.gateway.canaries().look();
        }
        assertThat(fresh.requests()).isNotEmpty();
        assertThat(gateway.admin("/canaries")).doesNotContain("rolled-back");
    }

    private static AnswerRules refusingMail() {
        return new AnswerRules(
                Optional.empty(),
                List.of(Rules.guardOf(Rules.named("email", "refuse"))),
                List.of());
    }

    @Test
    void a_rollout_goes_on_over_configurations_and_begins_anew_with_another_version()
            throws Exception {
        order("rollback");
        assertThat(gateway.admin("/canaries")).contains("rolled-back", "rolled back by hand");
        gateway.gateway.update(Rules.line(route()).config());
        assertThat(gateway.admin("/canaries")).contains("rolled-back");
        gateway.gateway.update(
                Rules.line(
                                new Rules()
                                        .route(
                                                Rules.model("m", stable)
                                                        .upstream("http://127.0.0.1:9", 1)
                                                        .canary(rule())))
                        .config());
        assertThat(gateway.admin("/canaries")).contains("\"phase\":\"stepping\"");
        gateway.gateway.update(Rules.line(new Rules().route(Rules.model("m", stable))).config());
        assertThat(gateway.admin("/canaries")).contains("\"canaries\":[]");
        assertThat(order("promote").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> order(String what) throws Exception {
        return gateway.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/canaries/m/%s"
                                                .formatted(gateway.gateway.adminPort(), what)))
                        .POST(BodyPublishers.noBody()),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> ask(String conversation) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header("x-conversation-id", conversation)
                        .POST(BodyPublishers.ofString("{\"model\":\"m\"}")),
                BodyHandlers.ofString());
    }

    private Rules route() {
        return new Rules()
                .route(Rules.model("m", stable, fresh).sticky("x-conversation-id").canary(rule()));
    }

    static TrafficRules.Canary rule() {
        return new TrafficRules.Canary(
                List.of(20.0, 50.0, 100.0),
                0,
                3_600_000,
                false,
                1,
                Optional.of(new TrafficRules.Latency(Optional.of(50.0), Optional.empty())),
                Optional.empty(),
                10,
                95);
    }
}
