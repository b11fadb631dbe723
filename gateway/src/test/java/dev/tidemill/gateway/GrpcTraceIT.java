package dev.tidemill.gateway;

import static dev.tidemill.gateway.GrpcClient.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.FakeCollector;
import dev.tidemill.testkit.FakeCollector.Received;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A call's trace and its line in the access log.
final class GrpcTraceIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String INFER = "inference.GRPCInferenceService/ModelInfer";

    private final FakeCollector collector = FakeCollector.start();
    private final GrpcModel bad = GrpcModel.start();
    private final GrpcModel good = GrpcModel.start();

    @AfterEach
    void stop() {
        bad.close();
        good.close();
        collector.close();
    }

    @Test
    void the_replica_is_told_of_the_attempt_that_it_answers() {
        try (RunningGateway gateway =
                        traced(ConfigLine.empty().grpc().grpcModel("m", good.port()));
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            client.stub("traceparent", SAMPLED, "tracestate", "vendor=x", "x-request-id", "r-1")
                    .modelInfer(ask("m"));
            List<Received> spans = collector.await(all -> all.size() == 2);
            Received call = of(spans, "SERVER");
            Received attempt = of(spans, "CLIENT");
            assertThat(call.name()).isEqualTo(INFER);
            assertThat(call.trace()).isEqualTo(TRACE);
            assertThat(call.parent()).isEqualTo(PARENT);
            assertThat(call.attributes())
                    .containsEntry("rpc.system", "grpc")
                    .containsEntry("rpc.grpc.status_code", "0")
                    .containsEntry("tidemill.model.name", "m")
                    .containsEntry("tidemill.request.id", "r-1");
            assertThat(attempt.parent()).isEqualTo(call.id());
            assertThat(attempt.attributes())
                    .containsEntry("rpc.method", "ModelInfer")
                    .containsEntry("rpc.grpc.status_code", "0")
                    .containsEntry("server.port", String.valueOf(good.port()))
                    .containsEntry("tidemill.replica", "m-0");
            Metadata received = good.metadata.getFirst();
            assertThat(received.getAll(GrpcClient.key("traceparent")))
                    .containsExactly("00-" + TRACE + "-" + attempt.id() + "-01");
            assertThat(received.getAll(GrpcClient.key("tracestate"))).containsExactly("vendor=x");
            assertThat(received.get(GrpcClient.key("x-request-id"))).isEqualTo("r-1");
        }
    }

    @Test
    void every_attempt_is_a_span_of_its_own() {
        bad.script = GrpcModel.failing(Status.UNAVAILABLE);
        try (RunningGateway gateway =
                        traced(ConfigLine.empty().grpc().grpcModel("m", bad.port(), good.port()));
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            while (bad.requests.isEmpty()) {
                client.stub("traceparent", SAMPLED).modelInfer(ask("m"));
            }
            List<Received> spans = collector.await(all -> all.stream().anyMatch(Received::failed));
            Received failed = spans.stream().filter(Received::failed).findFirst().orElseThrow();
            assertThat(failed.kind()).isEqualTo("CLIENT");
            assertThat(failed.attribute("error.type")).isEqualTo("UNAVAILABLE");
            assertThat(failed.attribute("tidemill.replica")).isEqualTo("m-0");
        }
    }

    @Test
    void a_gateway_that_records_nothing_passes_the_callers_trace_on_as_it_came() {
        try (RunningGateway gateway =
                        new RunningGateway(ConfigLine.empty().grpc().grpcModel("m", good.port()));
                GrpcClient client = new GrpcClient(gateway.grpcPort())) {
            client.stub("traceparent", SAMPLED).modelInfer(ask("m"));
            assertThat(good.metadata.getFirst().get(GrpcClient.key("traceparent")))
                    .isEqualTo(SAMPLED);
        }
    }

    @Test
    void calls_that_fail_are_in_the_access_log_with_their_request_and_trace() {
        try (RunningGateway gateway = traced(ConfigLine.empty().grpc());
                GrpcClient client = new GrpcClient(gateway.grpcPort());
                CapturedLog log = CapturedLog.of("access")) {
            GrpcClient.failure(() ->
                    client.stub("traceparent", SAMPLED, "x-request-id", "r-2")
                            .modelInfer(ask("nobody")));
            await().untilAsserted(() ->
                    assertThat(log.records())
                            .singleElement()
                            .satisfies(record ->
                                    assertThat(String.valueOf(record.getParameters()[0]))
                                            .contains("/" + INFER, "status=404", "requestId=r-2")
                                            .contains("traceId=" + TRACE)));
        }
    }

    private RunningGateway traced(ConfigLine line) {
        return new RunningGateway(line, collector.environment());
    }

    private static Received of(List<Received> spans, String kind) {
        return spans.stream().filter(span -> span.kind().equals(kind)).findFirst().orElseThrow();
    }
}
