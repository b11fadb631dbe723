package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.ListenableFuture;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceFutureStub;
import dev.tidemill.protos.inference.InferParameter;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ServerLiveRequest;
import dev.tidemill.server.RunningServer.Answer;
import io.grpc.Status;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests before a model that is busy, over both protocols: who goes first, who is refused, who
/// leaves, and what is counted.
@Timeout(60)
final class QueueIT {
    private static final String INFER = "/v2/models/m/infer";
    private static final ServerExtras TRITON_METRICS =
            new ServerExtras(
                    Optional.of(true),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    @TempDir Path root;
    private final GatedRuntime runtime = new GatedRuntime();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private RunningServer server;
    private GrpcClient grpc;

    @AfterEach
    void stop() {
        runtime.open();
        clients.shutdownNow();
        grpc.close();
        server.close();
    }

    @Test
    void a_client_that_leaves_during_the_run_that_it_leads_takes_nothing_from_the_other() {
        start("preferred_batch_size: [ 2 ] max_queue_delay_microseconds: 20000000");
        ListenableFuture<ModelInferResponse> stays = grpc().modelInfer(request(1));
        await(() -> shows("nv_inference_pending_request_count", 1));
        ListenableFuture<ModelInferResponse> leaves = grpc().modelInfer(request(2));
        await(() -> runtime.seen().size() == 2);

        leaves.cancel(true);
        // On the same connection, so behind the cancellation.
        assertThat(
                        GRPCInferenceServiceGrpc.newBlockingStub(grpc.channel())
                                .serverLive(ServerLiveRequest.getDefaultInstance())
                                .getLive())
                .isTrue();
        runtime.open();

        assertThat(valueOf(stays)).isEqualTo(2);
        await(() -> shows("nv_inference_exec_count", 1));
        assertThat(runtime.seen()).as("nothing is run twice").containsExactly(1f, 2f);
    }

    @Test
    void a_deadline_that_passes_during_the_run_takes_nothing_from_the_other() {
        start("preferred_batch_size: [ 2 ] max_queue_delay_microseconds: 20000000");
        ListenableFuture<ModelInferResponse> stays = grpc().modelInfer(request(1));
        await(() -> shows("nv_inference_pending_request_count", 1));
        ListenableFuture<ModelInferResponse> leaves =
                grpc().withDeadlineAfter(1, TimeUnit.SECONDS).modelInfer(request(2));

        assertThatThrownBy(leaves::get)
                .satisfies(e ->
                        assertThat(Status.fromThrowable(e).getCode())
                                .isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        assertThat(runtime.seen()).containsExactly(1f, 2f);
        runtime.open();

        assertThat(valueOf(stays)).isEqualTo(2);
        assertThat(runtime.seen()).as("nothing is run twice").containsExactly(1f, 2f);
    }

    @Test
    void who_leaves_the_queue_is_cancelled_and_who_is_too_late_is_rejected() throws Exception {
        start("");
        Future<Answer> running = post(1, "");
        await(() -> runtime.seen().size() == 1);
        ListenableFuture<ModelInferResponse> leaves = grpc().modelInfer(request(2));
        await(() -> shows("nv_inference_pending_request_count", 1));
        leaves.cancel(true);
        await(() -> shows("nv_inference_request_failure", "CANCELED", 1));

        Answer late =
                server.send(
                        server.request(INFER)
                                .header("Tidemill-Timeout-Ms", "30")
                                .POST(BodyPublishers.ofString(body(3, ""))));
        assertThat(late.status()).isEqualTo(504);
        await(() -> shows("nv_inference_request_failure", "REJECTED", 1));
        assertThat(shows("nv_inference_request_failure", "BACKEND", 0)).isTrue();
        assertThat(shows("nv_inference_request_failure", "CANCELED", 1)).isTrue();
        assertThat(server.get("/metrics").body())
                .contains(
                        "tidemill_server_request_seconds_count{model=\"m\",outcome=\"cancelled\",version=\"1\"} 1");
        runtime.open();

        assertThat(running.get().status()).isEqualTo(200);
        assertThat(runtime.seen()).containsExactly(1f);
    }

    @Test
    void the_urgent_go_first_over_both_protocols() throws Exception {
        start("priority_levels: 3 default_priority_level: 2");
        Future<Answer> running = post(1, "");
        await(() -> runtime.seen().size() == 1);
        Future<Answer> usual = post(2, "");
        await(() -> shows("nv_inference_pending_request_count", 1));
        Future<Answer> unimportant = post(3, "\"priority\":3");
        await(() -> shows("nv_inference_pending_request_count", 2));
        ListenableFuture<ModelInferResponse> urgent =
                grpc().modelInfer(
                                request(4).toBuilder()
                                        .putParameters(
                                                "priority",
                                                InferParameter.newBuilder()
                                                        .setUint64Param(1)
                                                        .build())
                                        .build());
        await(() -> shows("nv_inference_pending_request_count", 3));
        runtime.open();

        assertThat(valueOf(urgent)).isEqualTo(8);
        for (Future<Answer> answer : List.of(running, usual, unimportant)) {
            assertThat(answer.get().status()).isEqualTo(200);
        }
        assertThat(runtime.seen()).containsExactly(1f, 4f, 2f, 3f);
    }

    @Test
    void the_timeout_of_a_request_is_its_own_and_the_longest_is_for_ever() throws Exception {
        start("");
        Future<Answer> running = post(1, "");
        await(() -> runtime.seen().size() == 1);
        Future<Answer> patient = post(2, "\"timeout\":9223372036854775");
        await(() -> shows("nv_inference_pending_request_count", 1));

        Answer hasty = post(3, "\"timeout\":20000").get();

        assertThat(hasty.status()).isEqualTo(503);
        assertThat(hasty.error()).contains("Request timeout expired");
        assertThat(shows("nv_inference_pending_request_count", 1)).isTrue();
        runtime.open();
        assertThat(running.get().status()).isEqualTo(200);
        assertThat(patient.get().status()).isEqualTo(200);
        assertThat(runtime.seen()).containsExactly(1f, 2f);
    }

    /// With one instance, whose runs wait.
    private void start(String batching) {
        Folders.put(
                root,
                "m",
                "1",
                "classifier",
                "max_batch_size: %d instance_group { count: 1 } dynamic_batching { %s default_queue_policy { allow_timeout_override: true } }"
                        .formatted(batching.startsWith("preferred") ? 4 : 1, batching));
        server = new RunningServer(root, TRITON_METRICS, runtime);
        grpc = new GrpcClient(server);
        runtime.shut();
    }

    private Future<Answer> post(int value, String parameters) {
        return clients.submit(() -> server.post(INFER, body(value, parameters)));
    }

    private static String body(int value, String parameters) {
        return "{\"parameters\":{%s},\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,1],\"data\":[%d]}]}"
                .formatted(parameters, value);
    }

    private GRPCInferenceServiceFutureStub grpc() {
        return GRPCInferenceServiceGrpc.newFutureStub(grpc.channel());
    }

    private static ModelInferRequest request(float value) {
        return GrpcClient.request("m", GrpcClient.input("x", "FP32", 1, 1))
                .addRawInputContents(GrpcClient.floats(value))
                .build();
    }

    private static float valueOf(ListenableFuture<ModelInferResponse> answer) {
        try {
            return GrpcClient.toFloats(answer.get().getRawOutputContents(0)).getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private boolean shows(String metric, int value) {
        return server.get("/metrics")
                .body()
                .contains("%s{model=\"m\",version=\"1\"} %d\n".formatted(metric, value));
    }

    private boolean shows(String metric, String reason, int value) {
        return server.get("/metrics")
                .body()
                .contains(
                        "%s{model=\"m\",version=\"1\",reason=\"%s\"} %d\n"
                                .formatted(metric, reason, value));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
