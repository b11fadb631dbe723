package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelStreamInferResponse;
import dev.tidemill.server.RunningServer.Answer;
import dev.tidemill.testkit.FakeCollector;
import dev.tidemill.testkit.FakeCollector.Received;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a request's trace shows of the model server: where it waited, with whom it ran, and for how
/// long.
final class TraceIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String INFER = "POST /v2/models/{model}/infer";
    private static final String CALL = "inference.GRPCInferenceService/ModelInfer";

    private final FakeCollector collector = FakeCollector.start();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private RunningServer server;

    @BeforeEach
    void start(@TempDir Path root) throws IOException {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 8");
        Folders.put(
                root,
                "joined",
                "1",
                "classifier",
                "max_batch_size: 8\n"
                        + "dynamic_batching { preferred_batch_size: [ 4 ] max_queue_delay_microseconds: 5000000 }");
        ensemble(root);
        server =
                new RunningServer(
                        collector.environment(),
                        new RepositoryConfig(
                                List.of(root.toString()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(server.isReady()).isTrue();
    }

    /// Two steps that run at once.
    private static void ensemble(Path root) throws IOException {
        Files.createDirectories(root.resolve("pair/1"));
        Files.writeString(
                root.resolve("pair/config.pbtxt"),
                """
                platform: "ensemble"
                max_batch_size: 8
                input [ { name: "x" data_type: TYPE_FP32 dims: [ 4 ] } ]
                output [
                  { name: "a" data_type: TYPE_FP32 dims: [ 3 ] },
                  { name: "b" data_type: TYPE_FP32 dims: [ 3 ] }
                ]
                ensemble_scheduling {
                  step [
                    { model_name: "levels" model_version: -1
                      input_map { key: "x" value: "x" } output_map { key: "scores" value: "a" } },
                    { model_name: "levels" model_version: -1
                      input_map { key: "x" value: "x" } output_map { key: "scores" value: "b" } }
                  ]
                }
                """);
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        server.close();
        collector.close();
    }

    @Test
    void a_request_shows_its_queue_its_batch_and_its_run() {
        Answer answer = traced("/v2/models/levels/infer", Folders.ROW);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        List<Received> spans = collector.await(all -> all.size() == 5);
        assertThat(spans).allMatch(span -> span.trace().equals(TRACE));
        Received request = named(spans, INFER);
        assertThat(request.parent()).isEqualTo(PARENT);
        assertThat(request.kind()).isEqualTo("SERVER");
        assertThat(request.service()).isEqualTo("tidemill-server");
        assertThat(request.resource()).containsEntry("service.instance.id", "test");
        assertThat(request.attributes())
                .containsEntry("tidemill.model.name", "levels")
                .containsEntry("tidemill.model.version", "1")
                .containsEntry(
                        "tidemill.request.id",
                        answer.response().headers().firstValue("x-request-id").orElseThrow());
        Received infer = named(spans, "infer levels");
        Received queue = named(spans, "queue");
        Received batch = named(spans, "batch");
        Received compute = named(spans, "compute");
        assertThat(infer.parent()).isEqualTo(request.id());
        assertThat(queue.parent()).isEqualTo(infer.id());
        assertThat(batch.parent()).isEqualTo(infer.id());
        assertThat(compute.parent()).isEqualTo(batch.id());
        assertThat(batch.attributes())
                .containsEntry("tidemill.batch.requests", "1")
                .containsEntry("tidemill.batch.rows", "1")
                .containsKey("tidemill.batch.close_reason");
        assertThat(queue.begin()).isGreaterThanOrEqualTo(request.begin());
        assertThat(queue.end()).isEqualTo(batch.begin());
        assertThat(compute.begin()).isGreaterThanOrEqualTo(batch.begin());
        assertThat(compute.end()).isGreaterThan(compute.begin()).isLessThanOrEqualTo(batch.end());
        assertThat(batch.end()).isLessThanOrEqualTo(request.end());
    }

    @Test
    void requests_of_one_run_are_linked_to_one_another() throws Exception {
        List<Future<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(clients.submit(() -> server.post("/v2/models/joined/infer", Folders.ROW)));
        }
        for (Future<Answer> answer : answers) {
            assertThat(answer.get().status()).isEqualTo(200);
        }
        List<Received> spans = collector.await(all -> all.size() == 20);
        List<String> requests =
                spans.stream()
                        .filter(span -> span.name().equals("infer joined"))
                        .map(Received::id)
                        .toList();
        assertThat(requests).hasSize(4);
        assertThat(spans)
                .filteredOn(span -> span.name().equals("batch"))
                .hasSize(4)
                .allSatisfy(batch -> {
                    assertThat(batch.attributes())
                            .containsEntry("tidemill.batch.requests", "4")
                            .containsEntry("tidemill.batch.rows", "4")
                            .containsEntry("tidemill.batch.own_rows", "1")
                            .containsEntry(
                                    "tidemill.batch.close_reason", "it reached a preferred size");
                    List<String> all = new ArrayList<>(batch.links());
                    all.add(batch.parent());
                    assertThat(all).containsExactlyInAnyOrderElementsOf(requests);
                });
    }

    @Test
    void steps_of_an_ensemble_are_parts_of_it_on_whatever_thread_they_run() {
        assertThat(traced("/v2/models/pair/infer", Folders.ROW).status()).isEqualTo(200);
        List<Received> spans = collector.await(all -> all.size() == 10);
        Received whole = named(spans, "infer pair");
        assertThat(spans).allMatch(span -> span.trace().equals(TRACE));
        assertThat(spans)
                .filteredOn(span -> span.name().equals("infer levels"))
                .hasSize(2)
                .allMatch(step -> step.parent().equals(whole.id()));
        assertThat(named(spans, INFER).attribute("tidemill.model.name")).isEqualTo("pair");
    }

    @Test
    void a_request_that_was_refused_says_why() {
        assertThat(
                        traced(
                                        "/v2/models/joined/infer",
                                        "{\"parameters\":{\"timeout\":20000},"
                                                + Folders.ROW.substring(1))
                                .status())
                .isEqualTo(503);
        List<Received> spans = collector.await(all -> all.size() == 3);
        assertThat(named(spans, "queue").attribute("error.type")).isEqualTo("not_run");
        assertThat(named(spans, "infer joined").attribute("error.type")).isEqualTo("UNAVAILABLE");
        assertThat(named(spans, INFER).attribute("error.type")).isEqualTo("503");
        assertThat(spans).allMatch(Received::failed);
    }

    @Test
    void wrong_input_fails_the_answer_of_the_model_and_not_the_server() {
        assertThat(traced("/v2/models/levels/infer", "{\"inputs\":[]}").status()).isEqualTo(400);
        List<Received> spans =
                collector.await(all -> all.stream().anyMatch(s -> s.name().equals(INFER)));
        assertThat(named(spans, INFER).failed()).isFalse();
        assertThat(named(spans, INFER).attributes())
                .containsEntry("tidemill.model.name", "levels")
                .containsEntry("http.response.status_code", "400");
    }

    @Test
    void what_the_caller_does_not_sample_is_answered_and_not_sent() {
        for (int i = 0; i < 5; i++) {
            assertThat(
                            server.send(
                                            server.request("/v2/models/levels/infer")
                                                    .header(
                                                            "traceparent",
                                                            SAMPLED.replace("-01", "-00"))
                                                    .POST(BodyPublishers.ofString(Folders.ROW)))
                                    .status())
                    .isEqualTo(200);
        }
        traced("/v2/models/levels/infer", Folders.ROW);
        // Spans are sent in the order in which they ended.
        collector.await(INFER);
        assertThat(collector.spans()).hasSize(5);
    }

    @Test
    void a_call_over_grpc_is_a_span_by_the_conventions_of_rpc() {
        try (GrpcClient client = new GrpcClient(server)) {
            GRPCInferenceServiceGrpc.newBlockingStub(client.channel())
                    .withInterceptors(traceparent(SAMPLED))
                    .modelInfer(row(1, 0, 0, 0).build());
        }
        List<Received> spans = collector.await(all -> all.size() == 5);
        assertThat(spans).allMatch(span -> span.trace().equals(TRACE));
        Received call = named(spans, CALL);
        assertThat(call.kind()).isEqualTo("SERVER");
        assertThat(call.parent()).isEqualTo(PARENT);
        assertThat(call.attributes())
                .containsEntry("rpc.system", "grpc")
                .containsEntry("rpc.service", "inference.GRPCInferenceService")
                .containsEntry("rpc.method", "ModelInfer")
                .containsEntry("rpc.grpc.status_code", "0")
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("tidemill.model.name", "levels")
                .containsKey("tidemill.request.id");
        assertThat(named(spans, "infer levels").parent()).isEqualTo(call.id());
    }

    @Test
    void a_call_that_fails_says_with_what_and_a_wrong_traceparent_begins_a_trace() {
        try (GrpcClient client = new GrpcClient(server)) {
            GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub =
                    GRPCInferenceServiceGrpc.newBlockingStub(client.channel())
                            .withInterceptors(traceparent("00-nonsense"));
            ModelInferRequest unknown =
                    ModelInferRequest.newBuilder().setModelName("nobody").build();
            assertThat(
                            org.assertj.core.api.Assertions.catchThrowableOfType(
                                    StatusRuntimeException.class, () -> stub.modelInfer(unknown)))
                    .isNotNull();
            HealthGrpc.newBlockingStub(client.channel())
                    .check(HealthCheckRequest.getDefaultInstance());
        }
        Received call = collector.await(CALL);
        assertThat(call.parent()).isEmpty();
        assertThat(call.attribute("rpc.grpc.status_code")).isEqualTo("5");
        assertThat(call.failed()).isFalse();
        assertThat(collector.spans()).hasSize(1);
    }

    @Test
    void requests_on_a_stream_are_parts_of_the_stream() throws Exception {
        try (GrpcClient client = new GrpcClient(server)) {
            CountDownLatch ended = new CountDownLatch(1);
            StreamObserver<ModelInferRequest> requests =
                    GRPCInferenceServiceGrpc.newStub(client.channel())
                            .withInterceptors(traceparent(SAMPLED))
                            .modelStreamInfer(new Ending(ended));
            requests.onNext(row(1, 0, 0, 0).build());
            requests.onNext(row(0, 1, 0, 0).build());
            requests.onCompleted();
            ended.await();
        }
        List<Received> spans = collector.await(all -> all.size() == 9);
        Received stream = named(spans, "inference.GRPCInferenceService/ModelStreamInfer");
        assertThat(spans).allMatch(span -> span.trace().equals(TRACE));
        assertThat(spans)
                .filteredOn(span -> span.name().equals("infer levels"))
                .hasSize(2)
                .allMatch(infer -> infer.parent().equals(stream.id()));
    }

    @Test
    void what_became_of_the_spans_is_a_metric() {
        traced("/v2/models/levels/infer", Folders.ROW);
        collector.await(all -> all.size() == 5);
        assertThat(server.get("/metrics").body())
                .contains("tidemill_trace_spans_total{result=\"dropped\"} 0.0")
                .contains("tidemill_trace_spans_total{result=\"sent\"} ");
    }

    private record Ending(CountDownLatch ended)
            implements StreamObserver<ModelStreamInferResponse> {
        @Override
        public void onNext(ModelStreamInferResponse answer) {}

        @Override
        public void onError(Throwable failure) {
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }

    private Answer traced(String path, String body) {
        return server.send(
                server.request(path)
                        .header("traceparent", SAMPLED)
                        .POST(BodyPublishers.ofString(body)));
    }

    private static ClientInterceptor traceparent(String value) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), value);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    private static Received named(List<Received> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + spans));
    }
}
