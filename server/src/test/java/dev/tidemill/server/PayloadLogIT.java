package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class PayloadLogIT {
    private static final String INFER = "/v2/models/levels/infer";

    @TempDir Path root;
    @TempDir Path logs;

    @Test
    void writes_requests_and_answers_good_and_bad_but_no_header() throws IOException {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        Path file = logs.resolve("payloads.jsonl");
        try (RunningServer server = new RunningServer(root, logging(file.toString()))) {
            server.send(
                    server.request(INFER)
                            .header("Authorization", "Bearer secret")
                            .header("Ce-Id", "mine")
                            .POST(BodyPublishers.ofString(Folders.ROW)));
            server.post(INFER, "{\"inputs\":7}");
        }
        List<JsonNode> lines =
                Files.readAllLines(file).stream()
                        .map(line -> JsonMapper.shared().readTree(line))
                        .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().get("id").asString()).isEqualTo("mine");
        assertThat(lines.getFirst().get("status").asInt()).isEqualTo(200);
        assertThat(lines.getFirst().get("version").asString()).isEqualTo("1");
        assertThat(lines.getFirst().at("/request/body").asString()).isEqualTo(Folders.ROW);
        assertThat(lines.getFirst().at("/response/body").asString()).contains("\"outputs\"");
        assertThat(lines.get(1).get("status").asInt()).isEqualTo(400);
        assertThat(lines.get(1).get("error").asString()).contains("inputs");
        assertThat(lines.get(1).at("/request/body").asString()).isEqualTo("{\"inputs\":7}");
        assertThat(Files.readString(file)).doesNotContain("secret");
    }

    @Test
    void posts_both_halves_as_cloud_events() throws Exception {
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        HttpServer sink =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sink.createContext(
                "/",
                exchange -> {
                    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                    exchange.getRequestHeaders()
                            .forEach((name, values) -> headers.put(name, values.getFirst()));
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    events.add(new Event(headers, new String(body, StandardCharsets.UTF_8)));
                    exchange.sendResponseHeaders(202, -1);
                    exchange.close();
                });
        sink.start();
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        String url = "http://127.0.0.1:%d/events".formatted(sink.getAddress().getPort());
        try (RunningServer server = new RunningServer(root, logging(url))) {
            server.post(INFER, Folders.ROW);
            Event request = next(events);
            Event response = next(events);

            assertThat(request.headers())
                    .containsEntry("ce-specversion", "1.0")
                    .containsEntry("ce-type", "org.kubeflow.serving.inference.request")
                    .containsEntry("ce-inferenceservicename", "levels");
            assertThat(request.body()).isEqualTo(Folders.ROW);
            assertThat(response.headers())
                    .containsEntry("ce-type", "org.kubeflow.serving.inference.response")
                    .containsEntry("ce-id", request.headers().get("ce-id"))
                    .containsEntry("ce-status", "200")
                    .containsEntry("content-type", "application/json");
            assertThat(response.body()).contains("\"outputs\"");
        } finally {
            sink.stop(0);
        }
    }

    @Test
    void tells_of_a_grpc_call_how_it_ended() throws IOException {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        Path file = logs.resolve("payloads.jsonl");
        try (RunningServer server = new RunningServer(root, logging(file.toString()));
                GrpcClient client = new GrpcClient(server)) {
            var stub = GRPCInferenceServiceGrpc.newBlockingStub(client.channel());
            var good =
                    GrpcClient.request("levels", GrpcClient.input("x", "FP32", 1, 4))
                            .addRawInputContents(GrpcClient.floats(1, 0, 0, 0))
                            .build();
            assertThat(stub.modelInfer(good).getOutputsCount()).isPositive();
            var bad = GrpcClient.request("levels", GrpcClient.input("x", "FP32", 1, 4)).build();
            assertThatThrownBy(() -> stub.modelInfer(bad))
                    .isInstanceOf(StatusRuntimeException.class);
        }
        List<JsonNode> lines =
                Files.readAllLines(file).stream()
                        .map(line -> JsonMapper.shared().readTree(line))
                        .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().get("path").asString()).isEqualTo("grpc");
        assertThat(lines.getFirst().get("status").asInt()).isEqualTo(200);
        assertThat(lines.get(1).get("status").asInt()).isEqualTo(400);
        assertThat(lines.get(1).get("error").asString()).contains("x");
    }

    private static Event next(BlockingQueue<Event> events) throws InterruptedException {
        Event event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    private static ServerExtras logging(String target) {
        return new ServerExtras(
                Optional.empty(),
                Optional.empty(),
                Optional.of(
                        new PayloadLogConfig(
                                target,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())),
                Optional.empty(),
                Optional.empty());
    }

    private record Event(Map<String, String> headers, String body) {}
}
