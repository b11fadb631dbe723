package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WaitingIT {
    private final FakeUpstream upstream = FakeUpstream.start(FakeUpstream.echo());
    private final ConfigLine none =
            ConfigLine.digits().waitForReplica(Duration.ofMillis(500)).drain(Duration.ofMillis(50));

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void a_request_waits_for_the_first_replica_and_counts_as_in_flight() throws Exception {
        try (RunningGateway gateway =
                new RunningGateway(ConfigLine.digits().waitForReplica(Duration.ofSeconds(20)))) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(gateway.postAsync(RunningGateway.INFER, "n" + i));
            }
            await().untilAsserted(() -> {
                assertThat(gateway.digits().waiting()).isEqualTo(20);
                assertThat(gateway.digits().inFlight()).isEqualTo(20);
                assertThat(gateway.digits().inFlightNanos()).isPositive();
            });
            gateway.gateway.update(ConfigLine.digits(upstream).json());
            for (int i = 0; i < 20; i++) {
                assertThat(answers.get(i).get().statusCode()).isEqualTo(200);
                assertThat(answers.get(i).get().body()).isEqualTo("n" + i);
            }
            assertThat(gateway.digits().waiting()).isZero();
            assertThat(gateway.admin("/metrics"))
                    .contains(
                            "tidemill_gateway_no_replica_wait_seconds_count{model=\"digits\"} 20");
        }
    }

    @Test
    void a_request_that_waited_in_vain_is_503_and_says_for_how_long() throws Exception {
        try (RunningGateway gateway = new RunningGateway(none)) {
            HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "{}");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"error\":\"model 'digits' has no ready replica; waited 500 ms\"}");
            assertThat(gateway.digits().failures()).isEqualTo(1);
        }
    }

    @Test
    void a_request_waits_through_the_death_and_return_of_the_only_replica() throws Exception {
        try (RunningGateway gateway =
                new RunningGateway(
                        ConfigLine.digits(upstream).waitForReplica(Duration.ofSeconds(20)))) {
            assertThat(gateway.post(RunningGateway.INFER, "{}").statusCode()).isEqualTo(200);
            upstream.die();
            CompletableFuture<HttpResponse<String>> answer =
                    gateway.postAsync(RunningGateway.INFER, "late");
            await().untilAsserted(() -> assertThat(gateway.digits().waiting()).isEqualTo(1));
            upstream.revive();
            assertThat(answer.get().body()).isEqualTo("late");
        }
    }

    @Test
    void a_dead_replica_is_waited_for_no_longer_than_any_other() throws Exception {
        upstream.die();
        try (RunningGateway gateway =
                new RunningGateway(
                        ConfigLine.digits(upstream).waitForReplica(Duration.ofMillis(300)))) {
            HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "{}");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("waited 300 ms");
        }
    }

    @Test
    void a_model_that_is_removed_is_waited_for_no_longer() throws Exception {
        try (RunningGateway gateway =
                new RunningGateway(ConfigLine.digits().waitForReplica(Duration.ofSeconds(20)))) {
            CompletableFuture<HttpResponse<String>> answer =
                    gateway.postAsync(RunningGateway.INFER, "{}");
            await().untilAsserted(() -> assertThat(gateway.digits().waiting()).isEqualTo(1));
            gateway.gateway.update(ConfigLine.empty().model("other", "other", upstream).json());
            assertThat(answer.get().statusCode()).isEqualTo(404);
        }
    }

    @Test
    void without_a_wait_the_answer_is_immediate() throws Exception {
        try (RunningGateway gateway =
                new RunningGateway(ConfigLine.digits().waitForReplica(Duration.ZERO))) {
            HttpResponse<String> answer = gateway.post(RunningGateway.INFER, "{}");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("waited 0 s");
        }
    }
}
