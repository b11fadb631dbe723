package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A new version that gets copies until it is known to be good, and then everything at once.
final class BlueGreenIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final FakeUpstream blue = FakeUpstream.start(LlmScripts.json("{\"by\":\"blue\"}"));
    private final FakeUpstream green = FakeUpstream.start(LlmScripts.json("{\"by\":\"green\"}"));
    private final RunningGateway gateway =
            new RunningGateway(
                    Rules.line(new Rules().route(Rules.model("m", blue, green).canary(rule()))));

    @AfterEach
    void stop() {
        gateway.close();
        blue.close();
        green.close();
    }

    @Test
    void a_good_one_gets_no_request_and_then_all() throws Exception {
        await().atMost(LIMIT)
                .until(() -> {
                    boolean trial = gateway.admin("/canaries").contains("\"step\":1,");
                    boolean isGreen = ask().contains("green");
                    gateway.gateway.canaries().look();
                    assertThat(
                                    trial
                                            && isGreen
                                            && gateway.admin("/canaries").contains("\"step\":1,"))
                            .isFalse();
                    return isGreen;
                });
        assertThat(blue.requests()).hasSizeGreaterThanOrEqualTo(10);
        for (int i = 0; i < 20; i++) {
            assertThat(ask()).contains("green");
            gateway.gateway.canaries().look();
        }
        assertThat(gateway.admin("/canaries")).contains("\"phase\":\"promoted\"");

        order("rollback");

        assertThat(ask()).contains("blue");
    }

    @Test
    void nobody_ever_gets_an_answer_of_a_bad_one() throws Exception {
        green.script(FakeUpstream.answering(500, Map.of(), "{\"by\":\"green\"}"));
        await().atMost(LIMIT)
                .until(() -> {
                    assertThat(ask()).contains("blue");
                    gateway.gateway.canaries().look();
                    return gateway.admin("/canaries").contains("rolled-back");
                });
        assertThat(gateway.admin("/canaries"))
                .contains("rolled back at step 1 of 2 (copies)", "\"share\":0.0");
        assertThat(green.requests()).hasSizeLessThan(40);
    }

    private String ask() throws Exception {
        return gateway.post(Rules.CHAT, "{\"model\":\"m\"}").body();
    }

    private void order(String what) throws Exception {
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

    private static TrafficRules.Canary rule() {
        return new TrafficRules.Canary(
                List.of(0.0, 100.0),
                0,
                3_600_000,
                false,
                1,
                Optional.empty(),
                Optional.empty(),
                10,
                95);
    }
}
