package dev.tidemill.server;

import static dev.tidemill.server.GrpcClient.input;
import static dev.tidemill.server.GrpcClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that leave while their requests wait behind a slow run, which the tests end when they
/// like.
@Timeout(60)
final class AbandonedIT {
    private static final String PATH = "/v2/models/slow/infer";

    @TempDir Path root;
    private Path gate;
    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        Path models = Files.createDirectories(root.resolve("models"));
        gate = root.resolve("gate");
        Folders.function(
                models,
                "slow",
                "max_batch_size: 8 dynamic_batching {} instance_group { count: 1 }",
                "function",
                "gated",
                "gate",
                gate.toString());
        server =
                new RunningServer(
                        new RepositoryConfig(
                                List.of(models.toString()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
        assertThat(server.isReady()).isTrue();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_rows_of_one_that_leaves_are_not_run_and_the_others_are_answered() throws IOException {
        try (Socket first = ask(1);
                Socket stays = waiting(2)) {
            try (Socket leaves = waiting(3, 4)) {
                assertThat(leaves.isConnected()).isTrue();
            }
            untilMetric("tidemill_server_abandoned_total{model=\"slow\",version=\"1\"} 1.0");
            // Its place is free again before anything has run.
            untilMetric("tidemill_server_in_flight 2.0");
            Files.createFile(gate);
            assertThat(answer(first)).startsWith("HTTP/1.1 200 ").contains("\"data\":[1.0]");
            assertThat(answer(stays)).startsWith("HTTP/1.1 200 ").contains("\"data\":[2.0]");
        }
        untilMetric("tidemill_server_rows_total{model=\"slow\",version=\"1\"} 2.0");
        assertThat(server.get("/v2/models/slow/batches").body()).doesNotContain("\"rows\":3");
    }

    @Test
    void a_request_that_follows_on_the_same_connection_is_kept_for_its_turn() throws IOException {
        try (Socket first = ask(1);
                Socket pipelined = waiting(2)) {
            // Long enough to be watched, so that somebody reads this one ahead.
            untilWatched();
            pipelined.getOutputStream().write(bytes(-5));
            pipelined.getOutputStream().flush();
            Files.createFile(gate);
            assertThat(answer(pipelined)).contains("\"data\":[2.0]");
            assertThat(answer(pipelined)).contains("\"data\":[-5.0]");
            assertThat(answer(first)).contains("\"data\":[1.0]");
            // And the connections serve on.
            first.getOutputStream().write(bytes(-6));
            assertThat(answer(first)).contains("\"data\":[-6.0]");
        }
        assertThat(server.get("/metrics").body())
                .contains("tidemill_server_abandoned_total{model=\"slow\",version=\"1\"} 1.0");
    }

    @Test
    void a_call_that_is_cancelled_leaves_the_queue_too() throws IOException {
        try (Socket first = ask(1);
                GrpcClient client = new GrpcClient(server)) {
            Context.CancellableContext context = Context.current().withCancellation();
            ModelInferRequest row =
                    request("slow", input("x", "FP32", 1, 1))
                            .addRawInputContents(GrpcClient.floats(7))
                            .build();
            context.run(() ->
                    GRPCInferenceServiceGrpc.newStub(client.channel())
                            .modelInfer(row, new Ignored()));
            untilWaiting(1);
            context.cancel(null);
            untilMetric("tidemill_server_abandoned_total{model=\"slow\",version=\"1\"} 1.0");
            Files.createFile(gate);
            assertThat(answer(first)).startsWith("HTTP/1.1 200 ");
        }
        untilMetric("tidemill_server_rows_total{model=\"slow\",version=\"1\"} 1.0");
    }

    @Test
    void one_who_closes_its_sending_half_in_the_queue_is_told() throws IOException {
        try (Socket first = ask(1);
                Socket half = waiting(2)) {
            half.shutdownOutput();
            assertThat(answer(half)).startsWith("HTTP/1.1 499 ").contains("client: 'left'");
            Files.createFile(gate);
            assertThat(answer(first)).startsWith("HTTP/1.1 200 ");
        }
    }

    /// Runs, and waits for the gate.
    private Socket ask(float... rows) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream().write(bytes(rows));
        untilMetric("tidemill_server_in_flight 1.0");
        return socket;
    }

    /// Is in the queue.
    private Socket waiting(float... rows) throws IOException {
        int before = queued();
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream().write(bytes(rows));
        untilWaiting(before + 1);
        return socket;
    }

    private int queued() {
        return server.get("/v2/models/slow/batches").json().get("waiting").asInt();
    }

    private void untilWaiting(int requests) {
        while (queued() < requests) {
            Thread.onSpinWait();
        }
    }

    /// Those who wait longest are watched first: once one that came later is, all before it are.
    private void untilWatched() throws IOException {
        waiting(3).close();
        untilMetric("tidemill_server_abandoned_total{model=\"slow\",version=\"1\"} 1.0");
    }

    private void untilMetric(String line) {
        while (!server.get("/metrics").body().contains(line)) {
            Thread.onSpinWait();
        }
    }

    private static byte[] bytes(float... rows) {
        StringBuilder data = new StringBuilder();
        for (float row : rows) {
            data.append(data.isEmpty() ? "" : ",").append(row);
        }
        String body =
                "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[%d,1],\"data\":[%s]}]}"
                        .formatted(rows.length, data);
        return "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(PATH, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// One answer with a body of announced length.
    private static String answer(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ") + "content-length: ".length();
        int length = Integer.parseInt(lower.substring(at, lower.indexOf('\r', at)).strip());
        return head
                + new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    private static final class Ignored implements StreamObserver<ModelInferResponse> {
        @Override
        public void onNext(ModelInferResponse answer) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
