package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.protos.tensorflow.serving.GetModelStatusRequest;
import dev.tidemill.protos.tensorflow.serving.ModelServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.runtimes.onnx.OnnxRuntime;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TensorFlow Serving's ports beside the others.
final class TfsPortsIT {
    @TempDir Path folder;

    @Test
    void answers_on_the_second_pair_of_ports_as_on_the_first() throws Exception {
        int http = freePort();
        ServerConfig config =
                new ServerConfig(
                        "test",
                        "127.0.0.1",
                        0,
                        List.of(Artifact.plain(folder, "halves", "half-plus-two")),
                        4,
                        1 << 20,
                        1 << 20,
                        0,
                        Optional.of(0),
                        Optional.of(new ServerConfig.TfsPorts(http, 0)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        try (ModelServer server = new ModelServer(config, new OnnxRuntime(), Map.of());
                HttpClient client = HttpClient.newHttpClient()) {
            server.beginToLoad();
            server.listen();
            int main = server.port();
            assertThat(server.awaitLoaded()).isTrue();
            for (int port : List.of(main, http)) {
                assertThat(
                                client.send(
                                                HttpRequest.newBuilder(
                                                                URI.create(
                                                                        "http://127.0.0.1:%d/v1/models/halves:predict"
                                                                                .formatted(port)))
                                                        .POST(
                                                                HttpRequest.BodyPublishers.ofString(
                                                                        "{\"instances\":[2]}"))
                                                        .build(),
                                                BodyHandlers.ofString())
                                        .body())
                        .contains("3.0");
            }
            assertThat(server.grpcPorts()).hasSize(2).doesNotHaveDuplicates();
            for (int port : server.grpcPorts()) {
                ManagedChannel channel =
                        NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
                assertThat(
                                ModelServiceGrpc.newBlockingStub(channel)
                                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                                        .getModelStatus(
                                                GetModelStatusRequest.newBuilder()
                                                        .setModelSpec(
                                                                ModelSpec.newBuilder()
                                                                        .setName("halves"))
                                                        .build())
                                        .getModelVersionStatusCount())
                        .isEqualTo(1);
                channel.shutdownNow();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }
}
