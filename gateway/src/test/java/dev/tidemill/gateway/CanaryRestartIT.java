package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway that ends and begins again while a new version takes over.
final class CanaryRestartIT {
    @TempDir private Path folder = Path.of("");
    private final FakeUpstream stable = FakeUpstream.start(LlmScripts.json("{}"));
    private final FakeUpstream fresh = FakeUpstream.start(LlmScripts.json("{}"));

    @AfterEach
    void stop() {
        stable.close();
        fresh.close();
    }

    @Test
    void it_goes_on_from_the_step_that_it_was_at() throws Exception {
        try (RunningGateway gateway = start(20.0)) {
            while (gateway.admin("/canaries").contains("\"step\":1")) {
                ask(gateway);
                gateway.gateway.canaries().look();
            }
            assertThat(gateway.admin("/canaries")).contains("\"step\":2");
        }
        try (RunningGateway again = start(20.0)) {
            assertThat(again.admin("/canaries"))
                    .contains(
                            "\"phase\":\"stepping\"",
                            "\"step\":2",
                            "\"share\":0.5",
                            "the gateway has begun again, where it was");
        }
    }

    @Test
    void a_version_that_was_rolled_back_gets_nothing_any_more() throws Exception {
        try (RunningGateway gateway = start(20.0)) {
            order(gateway, "rollback");
        }
        try (RunningGateway again = start(20.0)) {
            assertThat(again.admin("/canaries")).contains("\"phase\":\"rolled-back\"");
            for (int i = 0; i < 50; i++) {
                ask(again);
            }
            assertThat(fresh.requests()).isEmpty();
        }
    }

    @Test
    void another_rollout_begins_at_its_first_step() throws Exception {
        try (RunningGateway gateway = start(20.0)) {
            order(gateway, "promote");
        }
        try (RunningGateway other = start(30.0)) {
            assertThat(other.admin("/canaries"))
                    .contains("\"phase\":\"stepping\"", "\"step\":1", "\"share\":0.3");
        }
    }

    @Test
    void a_file_that_nobody_understands_is_told_and_worth_nothing() throws Exception {
        Files.writeString(file(), "{\"canaries\":[{}]}");
        try (CapturedLog log = CapturedLog.of("dev.tidemill.gateway.canary");
                RunningGateway gateway = start(20.0)) {
            assertThat(log.messages())
                    .anySatisfy(line -> assertThat(line).startsWith("canaries begin anew, since"));
            assertThat(gateway.admin("/canaries")).contains("\"step\":1");
        }
    }

    @Test
    void without_a_disk_it_goes_on_from_what_control_knows() throws Exception {
        AtomicReference<String> kept = new AtomicReference<>("{\"canaries\":[]}");
        FakeUpstream control = FakeUpstream.start(keeping(kept));
        try (RunningGateway gateway = beside(control)) {
            order(gateway, "rollback");
            assertThat(kept.get()).contains("\"phase\":\"ROLLED_BACK\"");
        }
        try (RunningGateway again = beside(control)) {
            assertThat(again.admin("/canaries")).contains("\"phase\":\"rolled-back\"");
        } finally {
            control.close();
        }
    }

    @Test
    void while_control_is_away_no_step_is_taken_and_then_it_goes_on() throws Exception {
        AtomicReference<String> kept = new AtomicReference<>("{\"canaries\":[]}");
        FakeUpstream control = FakeUpstream.start(keeping(kept));
        try (RunningGateway gateway = beside(control)) {
            order(gateway, "promote");
        }
        control.script(FakeUpstream.answering(503, Map.of(), "{}"));
        try (RunningGateway again = beside(control)) {
            for (int i = 0; i < 100; i++) {
                ask(again);
            }
            again.gateway.canaries().look();
            assertThat(again.admin("/canaries")).contains("\"phase\":\"stepping\"", "\"step\":1");
            control.script(keeping(kept));
            again.gateway.canaries().look();
            assertThat(again.admin("/canaries")).contains("\"phase\":\"promoted\"");
        } finally {
            control.close();
        }
    }

    @Test
    void what_one_of_two_gateways_decides_is_decided_for_both() throws Exception {
        AtomicReference<String> kept = new AtomicReference<>("{\"canaries\":[]}");
        FakeUpstream control = FakeUpstream.start(keeping(kept));
        try (RunningGateway one = beside(control);
                RunningGateway other = beside(control)) {
            order(one, "rollback");
            other.gateway.canaries().look();
            assertThat(other.admin("/canaries"))
                    .contains(
                            "\"phase\":\"rolled-back\"",
                            "\"byHand\":true",
                            "as another gateway decided: rolled back by hand");

            order(other, "restart");
            one.gateway.canaries().look();
            assertThat(one.admin("/canaries")).contains("\"phase\":\"stepping\"", "\"step\":1");
        } finally {
            control.close();
        }
    }

    private RunningGateway beside(FakeUpstream control) {
        return new RunningGateway(Rules.line(rules(20.0)).canaryControl(control.url()));
    }

    private static FakeUpstream.Script keeping(AtomicReference<String> kept) {
        return (request, connection) -> {
            assertThat(request.target()).isEqualTo("/api/v1/rollouts/gateway");
            if (request.method().equals("PUT")) {
                kept.set(new String(request.body(), StandardCharsets.UTF_8));
            }
            FakeUpstream.answering(200, Map.of("Content-Type", "application/json"), kept.get())
                    .answer(request, connection);
        };
    }

    @Test
    void a_folder_that_cannot_be_written_costs_no_rollout() throws Exception {
        Files.writeString(folder.resolve("not-a-folder"), "");
        ConfigLine line =
                Rules.line(rules(20.0)).canaryFile(folder.resolve("not-a-folder").resolve("c"));
        try (CapturedLog log = CapturedLog.of("dev.tidemill.gateway.canary");
                RunningGateway gateway = new RunningGateway(line)) {
            order(gateway, "promote");
            assertThat(gateway.admin("/canaries")).contains("\"phase\":\"promoted\"");
            assertThat(log.messages())
                    .anySatisfy(said ->
                            assertThat(said).startsWith("canaries are not kept over restarts"));
        }
    }

    private Path file() {
        return folder.resolve("canaries.json");
    }

    private RunningGateway start(double firstPercent) {
        return new RunningGateway(Rules.line(rules(firstPercent)).canaryFile(file()));
    }

    private Rules rules(double firstPercent) {
        return new Rules()
                .route(
                        Rules.model("m", stable, fresh)
                                .canary(
                                        new TrafficRules.Canary(
                                                List.of(firstPercent, 50.0, 100.0),
                                                0,
                                                3_600_000,
                                                false,
                                                1,
                                                Optional.empty(),
                                                Optional.empty(),
                                                10,
                                                95)));
    }

    private static void ask(RunningGateway gateway) throws Exception {
        assertThat(gateway.post(Rules.CHAT, "{\"model\":\"m\"}").statusCode()).isEqualTo(200);
    }

    private static void order(RunningGateway gateway, String what) throws Exception {
        URI place =
                URI.create(
                        "http://127.0.0.1:%d/canaries/m/%s"
                                .formatted(gateway.gateway.adminPort(), what));
        assertThat(
                        gateway.send(
                                        HttpRequest.newBuilder(place).POST(BodyPublishers.noBody()),
                                        BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(200);
    }
}
