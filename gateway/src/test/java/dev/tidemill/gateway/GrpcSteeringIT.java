package dev.tidemill.gateway;

import static dev.tidemill.gateway.GrpcClient.ask;
import static dev.tidemill.gateway.GrpcClient.code;
import static dev.tidemill.gateway.GrpcClient.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.protos.inference.ModelInferResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What routes do with calls beside sending each to one replica.
final class GrpcSteeringIT {
    private final GrpcModel first = GrpcModel.start();
    private final GrpcModel second = GrpcModel.start();
    private final RunningGateway gateway = new RunningGateway(ConfigLine.empty().grpc());
    private final GrpcClient client = new GrpcClient(gateway.grpcPort());

    @AfterEach
    void stop() {
        client.close();
        gateway.close();
        first.close();
        second.close();
    }

    @Test
    void a_mirror_gets_a_copy_and_the_caller_nothing_of_it() throws Exception {
        begin(to(first).traffic(mirror(100)));
        client.stub("x-request-id", "r-7").modelInfer(ask("m"));
        await().untilAsserted(() ->
                assertThat(gateway.admin("/metrics"))
                        .contains(
                                "tidemill_gateway_mirror_seconds_count{class=\"2xx\",route=\"m\"} 1"));
        assertThat(second.requests)
                .containsExactly(ask("m").toBuilder().setModelName("next").build());
        assertThat(second.metadata.getFirst().get(GrpcClient.key("x-request-id"))).isEqualTo("r-7");
    }

    @Test
    void a_mirror_that_hangs_or_is_down_delays_and_fails_nobody() throws Exception {
        second.script = GrpcModel.SILENT;
        begin(to(first).traffic(mirror(100)));
        for (int i = 0; i < 200; i++) {
            client.stub().modelInfer(ask("m"));
        }
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_mirror_dropped_total{route=\"m\"} 72.0");
        second.close();
        client.stub().modelInfer(ask("m"));
    }

    @Test
    void a_slow_replica_is_overtaken_and_its_work_cancelled() throws Exception {
        begin(replicas().traffic(hedge()));
        first.script = GrpcModel.SILENT;
        while (first.cancelled.getCount() > 0) {
            client.stub().modelInfer(ask("m"));
        }
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_hedges_total{result=\"won\",route=\"m\"} 1.0");
    }

    @Test
    void a_failure_is_not_taken_while_the_other_may_answer() throws Exception {
        second.script = GrpcModel.failing(Status.INTERNAL);
        first.script =
                (request, answers) ->
                        Thread.ofVirtual()
                                .start(() -> {
                                    int before = second.requests.size();
                                    await().until(() -> second.requests.size() > before);
                                    answers.onNext(GrpcModel.echo(request));
                                    answers.onCompleted();
                                });
        begin(replicas().attempts(1).traffic(hedge()));
        while (!gateway.admin("/metrics")
                .contains("tidemill_gateway_hedges_total{result=\"lost\"")) {
            try {
                client.stub().modelInfer(ask("m"));
            } catch (StatusRuntimeException e) {
                // The second was picked first, and its failure came before anybody was asked too.
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
            }
        }
    }

    @Test
    void a_client_that_leaves_ends_both_attempts() throws Exception {
        first.script = GrpcModel.SILENT;
        second.script = GrpcModel.SILENT;
        begin(replicas().traffic(hedge()));
        Context.CancellableContext leaving = Context.current().withCancellation();
        Runnable call = () -> code(() -> client.stub().modelInfer(ask("m")));
        Thread asking = Thread.ofVirtual().start(leaving.wrap(call));
        await().until(() -> first.requests.size() + second.requests.size() == 2);
        leaving.cancel(null);
        assertThat(first.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(second.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        asking.join();
    }

    @Test
    void an_upstream_that_fails_again_and_again_is_left_alone() {
        first.script = GrpcModel.failing(Status.INTERNAL);
        begin(to(first).grpc(second.port(), 1, Optional.empty()));
        for (int i = 0; i < 60; i++) {
            client.stub().modelInfer(ask("m"));
        }
        assertThat(first.requests).hasSize(5);
    }

    @Test
    void a_client_that_waits_for_nothing_makes_nobody_look_ill() {
        begin(to(first).grpc(second.port(), 1, Optional.empty()));
        first.script = GrpcModel.SILENT;
        second.script = GrpcModel.SILENT;
        for (int i = 0; i < 20; i++) {
            assertThat(
                            code(() ->
                                    client.stub()
                                            .withDeadlineAfter(5, TimeUnit.MILLISECONDS)
                                            .modelInfer(ask("m"))))
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
        second.close();
        first.script = new GrpcModel.Echo();
        int before = first.requests.size();
        for (int i = 0; i < 20; i++) {
            client.stub().modelInfer(ask("m"));
        }
        assertThat(first.requests).hasSize(before + 20);
    }

    @Test
    void a_version_that_fails_is_rolled_back_while_callers_get_answers() throws Exception {
        second.script = GrpcModel.failing(Status.INTERNAL);
        begin(to(first).grpc(second.port(), 1, Optional.empty()).canary(CanaryIT.rule()));
        for (int i = 0; i < 200; i++) {
            client.stub().modelInfer(ask("m"));
            gateway.gateway.canaries().look();
        }
        assertThat(gateway.admin("/canaries")).contains("\"phase\":\"rolled-back\"");
        assertThat(second.requests).hasSizeLessThan(20);
    }

    @Test
    void conversations_stay_with_the_new_version_once_they_are_there() throws Exception {
        begin(
                to(first)
                        .grpc(second.port(), 1, Optional.of("new"))
                        .sticky("x-conversation-id")
                        .canary(CanaryIT.rule()));
        Set<String> moved = new HashSet<>();
        while (!gateway.admin("/canaries").contains("\"phase\":\"promoted\"")) {
            for (int i = 0; i < 60; i++) {
                String conversation = "c" + i;
                ModelInferResponse answer =
                        client.stub("x-conversation-id", conversation).modelInfer(ask("m"));
                boolean isNew = answer.getModelName().equals("new");
                assertThat(isNew || !moved.contains(conversation)).as(conversation).isTrue();
                if (isNew) {
                    moved.add(conversation);
                }
            }
            gateway.gateway.canaries().look();
        }
        assertThat(moved).hasSize(60);
    }

    @Test
    void a_server_says_when_to_come_again_and_whether_at_all() {
        begin(to(first));
        first.script =
                (request, answers) -> {
                    first.script = new GrpcModel.Echo();
                    GrpcModel.failing(Status.UNAVAILABLE, "grpc-retry-pushback-ms", "1")
                            .answer(request, answers);
                };
        client.stub().modelInfer(ask("m"));
        assertThat(first.requests).hasSize(2);
        first.script = GrpcModel.failing(Status.UNAVAILABLE, "grpc-retry-pushback-ms", "-1");
        begin(to(first).grpc(second.port(), 1, Optional.empty()).attempts(5));
        while (second.requests.isEmpty()) {
            try {
                client.stub().modelInfer(ask("m"));
            } catch (StatusRuntimeException e) {
                assertThat(e.getTrailers().get(GrpcClient.key("grpc-retry-pushback-ms")))
                        .isEqualTo("-1");
                return;
            }
        }
        assertThat(code(() -> client.stub().modelInfer(ask("m")))).isEqualTo(Status.Code.OK);
    }

    @Test
    void who_was_repeated_in_vain_is_told_not_to_repeat() {
        first.script = GrpcModel.failing(Status.UNAVAILABLE);
        second.script = GrpcModel.failing(Status.UNAVAILABLE);
        begin(to(first).grpc(second.port(), 1, Optional.empty()).attempts(2));
        assertThat(
                        failure(() -> client.stub().modelInfer(ask("m")))
                                .getTrailers()
                                .getAll(GrpcClient.key("grpc-retry-pushback-ms")))
                .containsExactly("-1");
    }

    @Test
    void an_answer_that_does_not_begin_in_time_is_sought_elsewhere() {
        first.script = GrpcModel.SILENT;
        begin(to(first).firstByte(Duration.ofMillis(50)).fallback("spare"), spare());
        assertThat(client.stub().modelInfer(ask("m")).getModelName()).isEqualTo("other");
        assertThat(first.requests).hasSize(1);
    }

    private Rules.RouteOf spare() {
        return Rules.model("spare").grpc(second.port(), 1, Optional.of("other"));
    }

    private static Rules.RouteOf to(GrpcModel model) {
        return Rules.model("m").grpc(model.port(), 1, Optional.empty());
    }

    private static Rules.RouteOf replicas() {
        return Rules.model("m").own("ours", 1);
    }

    private void begin(Rules.RouteOf... routes) {
        Rules rules = new Rules();
        for (Rules.RouteOf route : routes) {
            rules.route(route);
        }
        gateway.gateway.update(
                Rules.line(rules).grpc().grpcModel("ours", first.port(), second.port()).config());
    }

    private TrafficRules mirror(double percent) {
        return new TrafficRules(
                Optional.empty(),
                Optional.of(
                        new TrafficRules.Mirror(
                                Rules.RouteOf.grpcAt(second.port(), 1, Optional.of("next")),
                                percent)),
                Optional.empty(),
                false,
                Optional.empty());
    }

    private static TrafficRules hedge() {
        return new TrafficRules(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new TrafficRules.Hedge(Optional.of(20L), Optional.empty())),
                false,
                Optional.empty());
    }
}
